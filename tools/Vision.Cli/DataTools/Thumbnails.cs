using OpenCvSharp;
using Vision.Data;
using Vision.Visualization;

namespace Vision.Cli.DataTools;

/// <summary>Small pictures of a data set's images with their objects, as embedded HTML figures.</summary>
internal sealed class Thumbnails(DatasetCheck check)
{
    private readonly Dictionary<string, Targets> samples =
        check.Samples.GroupBy(entry => entry.Sample.File).ToDictionary(group => group.Key, group => group.First().Sample);
    private readonly DetectionPainter painter = new(check.Categories);

    /// <summary>The figure of a file; null if it is not a readable image.</summary>
    public string? Of(string file)
    {
        if (!samples.TryGetValue(file, out Targets? sample) && !ImageFile.HasImageName(file)) return null;
        try
        {
            Mat image = ImageFile.Read(file);
            sample ??= new() { ImageId = 0, File = file, Width = image.Width, Height = image.Height };
            (image, sample) = new Resize(HtmlFigure.LongSide, HtmlFigure.LongSide).Apply(image, sample, new Random(0));
            using (image)
            {
                painter.Draw(image, sample);
                return HtmlFigure.Of(image, file);
            }
        }
        catch (InputException)
        {
            return null;
        }
    }
}
