namespace Vision.Cli.Demo;

/// <summary>The files of a demo.</summary>
internal sealed class DemoFolder
{
    private const string Explanation = """
        Created by "vision demo", which replaces this folder each time.

        data/                   the drawn shapes, as a data set in COCO's format
        model/                  the training run: the best and the last weights, and metrics
        images/                 validation images: ground truth on the left, detections on the right
        shapes.mp4              detections in a video of moving shapes
        loss.png                the training losses
        precision-recall.png    precision against recall, on the validation images
        confusion.png           the confusion matrix of the classes, on the validation images

        """;

    private readonly string path;

    private DemoFolder(string path) => this.path = path;

    /// <summary>The data set.</summary>
    public string Data => Path.Combine(path, "data");

    /// <summary>The folder of the training run.</summary>
    public string Model => Path.Combine(path, "model");

    /// <summary>Annotated images.</summary>
    public string Images => Path.Combine(path, "images");

    /// <summary>The annotated video.</summary>
    public string Video => Path.Combine(path, "shapes.mp4");

    /// <summary>The folder itself, for the plots.</summary>
    public string Root => path;

    /// <summary>Creates the folder, or empties that of an earlier demo.</summary>
    /// <returns>The folder, and whether there was an earlier one.</returns>
    /// <exception cref="InputException">The folder exists and is not that of a demo.</exception>
    public static (DemoFolder Folder, bool WasThere) Make(string path)
    {
        string mark = Path.Combine(path, "ABOUT.txt");
        bool wasThere = Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any();
        if (wasThere)
        {
            if (!File.Exists(mark))
                throw new InputException($"{path} already exists and is not from an earlier demo: name another folder with --out.");
            Directory.Delete(path, recursive: true);
        }
        Directory.CreateDirectory(path);
        File.WriteAllText(mark, Explanation);
        return (new(path), wasThere);
    }
}
