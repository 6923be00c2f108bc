using OpenCvSharp;

namespace Vision.Data;

/// <summary>Reads CIFAR-10 (Krizhevsky 2009) in its binary form: each record has one byte for the class and 3 × 32 × 32 bytes for red,
/// green and blue.</summary>
internal static class Cifar10Reader
{
    /// <summary>What <see cref="Splits"/> looks for, for messages.</summary>
    public const string LookedFor = "CIFAR-10 (data_batch_*.bin and test_batch.bin)";

    private const int Side = 32, Plane = Side * Side, RecordBytes = 1 + 3 * Plane;

    private static readonly string[] officialNames = [.. DefaultCategories.Cifar10.Select(category => category.Name)];

    /// <summary>The files of each existing split, by split name.</summary>
    public static IReadOnlyDictionary<string, string[]> Splits(string folder)
    {
        Dictionary<string, string[]> splits = [];
        string[] training = [.. Directory.EnumerateFiles(folder, "data_batch_*.bin").Order(StringComparer.Ordinal)];
        if (training.Length > 0) splits["train"] = training;
        string test = Path.Combine(folder, "test_batch.bin");
        if (File.Exists(test)) splits["test"] = [test];
        return splits;
    }

    /// <summary>Reads the labels of a split; the pixels are read when they are needed.</summary>
    /// <exception cref="InputException">A file cannot be read, the classes do not match the model's, or no record is usable.</exception>
    public static ClassificationDataset Read(string folder, string split, string name, IReadOnlyList<Category>? categories)
    {
        string[] own = Names(folder);
        ClassLabels labels = new(own, categories, name);
        DatasetReport report = new();
        List<LabeledImage> samples = [];
        foreach (string file in Splits(folder)[split]) ReadFile(file, labels, own, samples, report);
        if (samples.Count == 0)
            throw new InputException(
                $"{folder}: no record of split '{split}' can be used: " +
                $"{(report.Summary.Length > 0 ? report.Summary : "its files are empty")}.");
        return new() { Name = name, Categories = labels.Categories, Samples = samples, Report = report };
    }

    private static string[] Names(string folder)
    {
        string file = Path.Combine(folder, "batches.meta.txt");
        return File.Exists(file) ? [.. File.ReadLines(file).Select(line => line.Trim()).Where(line => line.Length > 0)] : officialNames;
    }

    private static void ReadFile(string file, ClassLabels labels, string[] own, List<LabeledImage> samples, DatasetReport report)
    {
        byte[] bytes = File.ReadAllBytes(file);
        int count = Math.DivRem(bytes.Length, RecordBytes, out int rest);
        for (int i = 0; i < count; i++)
        {
            int record = i, label = bytes[i * RecordBytes];
            if (label < own.Length && labels.Of(label) is { } known)
                samples.Add(new() { Name = $"{file}, record {i + 1}", Label = known, Read = () => ReadImage(file, record) });
            else
                report.Add(new(DatasetProblemKind.UnknownClass, file, $"record {i + 1}",
                    $"{(label < own.Length ? $"class '{own[label]}'" : $"class number {label}")} is not known; left out"));
        }
        if (rest > 0)
            report.Add(new(DatasetProblemKind.UnreadableImage, file, $"record {count + 1}",
                $"the file ends after {rest} of the record's {RecordBytes} bytes; left out, copy the file again"));
    }

    private static Mat ReadImage(string file, int record)
    {
        byte[] planes = new byte[3 * Plane];
        try
        {
            using FileStream stream = new(file, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1);
            stream.Position = (long)record * RecordBytes + 1;
            stream.ReadExactly(planes);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{file}, record {record + 1}: can no longer be read ({exception.Message}); put the file back.",
                exception);
        }

        Mat image = new(Side, Side, MatType.CV_8UC3);
        PixelRows rows = new(image);
        for (int y = 0; y < Side; y++)
        {
            Span<byte> row = rows[y];
            for (int x = 0; x < Side; x++)
                for (int channel = 0; channel < 3; channel++) row[3 * x + channel] = planes[channel * Plane + y * Side + x];
        }
        return image;
    }
}
