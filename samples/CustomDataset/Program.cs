// Trains on annotations in a custom format: a CSV file with one line "image,class,left,top,right,bottom" per object.
//   dotnet run --project samples/CustomDataset -- FILE.csv [EPOCHS]
using Vision.Data;
using Vision.Training;

DetectionDataset all = CsvDataset.Read(args[0]);
(DetectionDataset train, DetectionDataset validation) = all.Split(0.2);
var run = DetectorTraining.Run("fasterrcnn_resnet18_fpn", new(train, validation),
    new() { Epochs = args.Length > 1 ? int.Parse(args[1]) : 12, MinSize = 320, MaxSize = 480 });
Console.WriteLine($"{run.Best}: {string.Join(", ", all.Categories.Select(category => category.Name))}");

/// <summary>A data set is a list of images with their objects, from any source.</summary>
internal static class CsvDataset
{
    public static DetectionDataset Read(string file)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        string[][] rows = [.. File.ReadLines(file).Select(line => line.Split(','))];
        List<Category> categories = [.. rows.Select(row => row[1]).Distinct().Order().Select((name, i) => new Category(i + 1, name))];
        return new() { Name = Path.GetFileName(file), Categories = categories,
            Samples = [.. rows.GroupBy(row => row[0]).Select((group, i) => Image(group.Key, i + 1, group))] };

        Targets Image(string name, int id, IEnumerable<string[]> objects)
        {
            string path = Path.Combine(folder, name);
            (int width, int height) = ImageFile.ReadSize(path);
            return new() { ImageId = id, File = path, Width = width, Height = height,
                Objects = [.. objects.Select((row, i) => Object(row, 1000 * id + i))] };
        }

        Annotation Object(string[] row, int id)
        {
            Box box = new(float.Parse(row[2]), float.Parse(row[3]), float.Parse(row[4]), float.Parse(row[5]));
            return new() { Id = id, Label = 1 + categories.FindIndex(category => category.Name == row[1]), Box = box, Area = box.Area };
        }
    }
}
