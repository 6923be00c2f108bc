using System.Net;
using OpenCvSharp;
using Vision.Data;
using Vision.Visualization;

namespace Vision.Cli.DataTools;

/// <summary>Small pictures of a data set's images with their objects, as HTML figures that need no other file.</summary>
internal sealed class Thumbnails(DatasetCheck check)
{
    private const int LongSide = 320;

    private readonly Dictionary<string, Targets> samples = check.Samples.GroupBy(entry => entry.Sample.File).ToDictionary(group => group.Key, group => group.First().Sample);
    private readonly DetectionPainter painter = new(check.Categories);

    /// <summary>The figure of a file; null where it is no image that can be read.</summary>
    public string? Of(string file)
    {
        if (!samples.TryGetValue(file, out Targets? sample) && !ImageFile.HasImageName(file)) return null;
        try
        {
            Mat image = ImageFile.Read(file);
            sample ??= new() { ImageId = 0, File = file, Width = image.Width, Height = image.Height };
            (image, sample) = new Resize(LongSide, LongSide).Apply(image, sample, new Random(0));
            using (image)
            {
                painter.Draw(image, sample);
                using Mat blueFirst = new();
                Cv2.CvtColor(image, blueFirst, ColorConversionCodes.RGB2BGR);
                Cv2.ImEncode(".jpg", blueFirst, out byte[] bytes);
                string name = WebUtility.HtmlEncode(Path.GetFileName(file));
                return $"<figure><img alt=\"{name}\" src=\"data:image/jpeg;base64,{Convert.ToBase64String(bytes)}\"><figcaption>{name}</figcaption></figure>";
            }
        }
        catch (InputException)
        {
            return null;
        }
    }
}
