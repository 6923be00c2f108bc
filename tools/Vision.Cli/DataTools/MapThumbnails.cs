using OpenCvSharp;
using Vision.Data;
using Vision.Visualization;

namespace Vision.Cli.DataTools;

/// <summary>Small pictures of a data set's images, overlaid with the colors of their classes. Ignored pixels and images with an unusable
/// mask are left unchanged.</summary>
internal sealed class MapThumbnails(SegmentationCheck check, SegmentationPainter painter)
{
    private readonly Dictionary<string, SegmentationSample> samples =
        check.Samples.ToDictionary(entry => entry.Sample.File, entry => entry.Sample);

    /// <summary>The figure of a file; null if it is not a readable image.</summary>
    public string? Of(string file)
    {
        if (!samples.ContainsKey(file) && !ImageFile.HasImageName(file)) return null;
        try
        {
            (Mat image, SegmentationMap? map) = (ImageFile.Read(file), MapOf(file));
            Targets targets = new() { ImageId = 0, File = file, Width = image.Width, Height = image.Height, Map = map };
            (image, targets) = new Resize(HtmlFigure.LongSide, HtmlFigure.LongSide).Apply(image, targets, new Random(0));
            using (image)
            {
                if (targets.Map is not null) painter.Draw(image, targets.Map, legend: false);
                return HtmlFigure.Of(image, file);
            }
        }
        catch (InputException)
        {
            return null;
        }
    }

    private SegmentationMap? MapOf(string file)
    {
        if (!samples.TryGetValue(file, out SegmentationSample? sample)) return null;
        try
        {
            return sample.ReadMap();
        }
        catch (InputException)
        {
            return null;
        }
    }
}
