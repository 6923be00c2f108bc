using Vision.Data;
using Vision.Evaluation;
using Vision.Testing;

namespace Vision.Training.Tests;

public class NumberedFolderTests
{
    [Fact]
    public void Those_who_ask_together_get_one_each()
    {
        using TempFolder folder = new();
        string[] made = new string[64];
        Parallel.For(0, made.Length, new() { MaxDegreeOfParallelism = 16 }, i =>
            made[i] = NumberedFolder.Create(folder["runs"], "net").Path);
        Assert.Equal(Enumerable.Range(1, 64).Select(number => folder[$"runs/net-{number}"]),
            NumberedFolder.Existing(folder["runs"], "net"));
        Assert.Equal(64, made.Distinct().Count());
    }

    /// <summary>Whoever looks first and creates then finds no folder here, and fails or takes what is another's.</summary>
    [Fact]
    public void A_name_is_free_only_if_creating_it_succeeds()
    {
        using TempFolder folder = new();
        folder.Write("net-1", "a file");
        File.CreateSymbolicLink(folder["net-2"], folder["nowhere"]);
        Assert.Equal(folder["net-3"], NumberedFolder.Create(folder.Path, "net").Path);
        Assert.False(Path.Exists(folder["nowhere"]));
    }

    [Fact]
    public void Without_anything_in_it_it_goes_again()
    {
        using TempFolder folder = new();
        string empty, full;
        using (NumberedFolder first = NumberedFolder.Create(folder["runs"], "net"), second = NumberedFolder.Create(folder["runs"], "net"))
        {
            (empty, full) = (first.Path, second.Path);
            File.WriteAllText(Path.Combine(full, "a.txt"), "a");
        }
        Assert.False(Directory.Exists(empty));
        // The gap hides nothing, and what is newer has the higher number.
        Assert.Equal([full], NumberedFolder.Existing(folder["runs"], "net"));
        Assert.Equal(folder["runs/net-3"], NumberedFolder.Create(folder["runs"], "net").Path);
    }

    [Fact]
    public void Other_folders_do_not_count()
    {
        using TempFolder folder = new();
        foreach (string name in (string[])["net-x", "net-+2", "net-", "other-7", "net-9-3"]) Directory.CreateDirectory(folder[name]);
        Assert.Equal(folder["net-1"], NumberedFolder.Create(folder.Path, "net").Path);
        folder.Write("file", "");
        Assert.StartsWith($"The folder {folder["file/net"]} cannot be created",
            Assert.Throws<InputException>(() => NumberedFolder.Create(folder["file/net"], "net")).Message);
    }

    [Fact]
    public void A_training_that_cannot_start_leaves_none()
    {
        using TempFolder folder = new();
        string before = Environment.CurrentDirectory;
        Environment.CurrentDirectory = folder.Path;
        try
        {
            ClassificationDataset pictures = SmallPictures.Write(folder, 2);
            ClassificationDataset other = new() { Name = "others", Categories = [new(0, "x")], Samples = pictures.Samples };
            Assert.Throws<InputException>(() => Run(pictures, pictures, new() { Weights = "missing.pth" }));
            Assert.Throws<InputException>(() => Run(pictures, other));
            Assert.Empty(Directory.GetDirectories(folder.Path, "runs/*"));

            ClassifierTrainingOptions options = new() { Epochs = 1, Size = 32, BatchSize = 3 };
            Assert.Equal(Path.Combine("runs", "resnet18-1"), Run(pictures, pictures, options).Folder);
            Assert.Equal(Path.Combine("runs", "resnet18-1"), Run(pictures, pictures, options with { Resume = true }).Folder);
            Assert.Equal(Path.Combine("runs", "resnet18-2"), Run(pictures, pictures, options).Folder);
        }
        finally
        {
            Environment.CurrentDirectory = before;
        }

        static TrainingOutcome<ClassificationMetrics> Run(
            ClassificationDataset train, ClassificationDataset validation, ClassifierTrainingOptions? options = null) =>
            ClassifierTraining.Run("resnet18", new(train, validation), options);
    }
}
