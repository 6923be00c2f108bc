using Vision.Data;

namespace Vision.Cli.Demo;

/// <summary>The files of a demo.</summary>
internal sealed class DemoFolder
{
    private const string Explanation = """
        Made by "vision demo", which replaces this folder each time.

        data/                   the drawn shapes, as a data set in COCO's format
        model/                  the training: the best and the last weights, and metrics
        images/                 images that it was not trained on: the truth on the left, what was found on the right
        shapes.mp4              what was found in moving shapes
        loss.png                the losses as training went on
        precision-recall.png    the precision at each recall, on the images it was not trained on

        """;

    private readonly string path;

    private DemoFolder(string path) => this.path = path;

    /// <summary>The data set.</summary>
    public string Data => Path.Combine(path, "data");

    /// <summary>The training.</summary>
    public string Model => Path.Combine(path, "model");

    /// <summary>Annotated images.</summary>
    public string Images => Path.Combine(path, "images");

    /// <summary>The annotated video.</summary>
    public string Video => Path.Combine(path, "shapes.mp4");

    /// <summary>The folder itself, for the plots.</summary>
    public string Root => path;

    /// <summary>Makes the folder, or empties the one that an earlier demo left.</summary>
    /// <returns>The folder, and whether there was an earlier one.</returns>
    /// <exception cref="InputException">A folder of that name is there which is not a demo's.</exception>
    public static (DemoFolder Folder, bool WasThere) Make(string path)
    {
        string mark = Path.Combine(path, "ABOUT.txt");
        bool wasThere = Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any();
        if (wasThere)
        {
            if (!File.Exists(mark))
                throw new InputException($"{path} is there already and is not an earlier demo's: name another folder with --out.");
            Directory.Delete(path, recursive: true);
        }
        Directory.CreateDirectory(path);
        File.WriteAllText(mark, Explanation);
        return (new(path), wasThere);
    }
}
