using System.Globalization;
using Vision.Data;

namespace Vision.Cli.Prediction;

/// <summary>The part of each image that each class has, as a CSV file: written line by line, and under a temporary name until it is complete.</summary>
internal sealed class AreaTable : IDisposable
{
    private readonly string path;
    private readonly string unfinished;
    private readonly int classes;
    private readonly StreamWriter writer;

    /// <summary>Begins the file.</summary>
    public AreaTable(string path, IReadOnlyList<Category> categories)
    {
        (this.path, classes) = (path, categories.Count);
        unfinished = path + ".unfinished";
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        writer = new StreamWriter(unfinished);
        writer.WriteLine(string.Join(',', ((string[])["file", "frame"]).Concat(categories.Select(category => Quoted(category.Name)))));
    }

    /// <summary>Adds an image or a frame.</summary>
    /// <returns>The part of each class, in [0, 1].</returns>
    public double[] Add(string file, int? frame, SegmentationMap map)
    {
        long[] pixels = new long[SegmentationMap.Ignore + 1];
        foreach (byte value in map.Classes) pixels[value]++;
        double[] shares = [.. pixels.Take(classes).Select(count => (double)count / Math.Max(1, map.Classes.Length))];
        string number = frame?.ToString(CultureInfo.InvariantCulture) ?? "";
        writer.WriteLine(string.Join(',', ((string[])[Quoted(file), number]).Concat(shares.Select(share => share.ToString("0.######", CultureInfo.InvariantCulture)))));
        return shares;
    }

    /// <summary>Gives the file its name.</summary>
    public void Complete()
    {
        writer.Dispose();
        File.Move(unfinished, path, overwrite: true);
    }

    /// <summary>Removes what was not completed.</summary>
    public void Dispose()
    {
        writer.Dispose();
        File.Delete(unfinished);
    }

    private static string Quoted(string text) => text.AsSpan().IndexOfAny(",\"\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"")}\"";
}
