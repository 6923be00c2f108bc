using System.Globalization;
using Vision.Cli.Output;
using Vision.Data;

namespace Vision.Cli.Prediction;

/// <summary>The area of each class in each image, as a CSV file that is written line by line and is either complete or absent.</summary>
internal sealed class AreaTable : IDisposable
{
    private readonly UnfinishedFile file;
    private readonly int classes;
    private readonly StreamWriter writer;

    /// <summary>Starts the file.</summary>
    public AreaTable(string path, IReadOnlyList<Category> categories)
    {
        (file, classes) = (new(path), categories.Count);
        writer = new StreamWriter(file.Stream) { AutoFlush = true };
        writer.WriteLine(string.Join(',', ((string[])["file", "frame"]).Concat(categories.Select(category => Quoted(category.Name)))));
    }

    /// <summary>The share of each class in an image, in [0, 1].</summary>
    public double[] SharesIn(SegmentationMap map)
    {
        long[] pixels = new long[SegmentationMap.Ignore + 1];
        foreach (byte value in map.Classes) pixels[value]++;
        return [.. pixels.Take(classes).Select(count => (double)count / Math.Max(1, map.Classes.Length))];
    }

    /// <summary>Adds the shares of an image or a frame.</summary>
    public void Add(string image, int? frame, double[] shares)
    {
        string number = frame?.ToString(CultureInfo.InvariantCulture) ?? "";
        string[] parts = [.. shares.Select(share => share.ToString("0.######", CultureInfo.InvariantCulture))];
        writer.WriteLine(string.Join(',', (string[])[Quoted(image), number, .. parts]));
    }

    /// <summary>Gives the file its name.</summary>
    public void Complete() => file.Complete();

    /// <summary>Deletes an incomplete file.</summary>
    public void Dispose() => file.Dispose();

    private static string Quoted(string text) => text.AsSpan().IndexOfAny(",\"\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"")}\"";
}
