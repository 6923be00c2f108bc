using System.Net;
using OpenCvSharp;

namespace Vision.Cli.DataTools;

/// <summary>Small pictures embedded in HTML.</summary>
internal static class HtmlFigure
{
    /// <summary>The longer side of a picture, in pixels.</summary>
    public const int LongSide = 320;

    /// <summary>An RGB image with its file name as the caption.</summary>
    public static string Of(Mat image, string file)
    {
        using Mat blueFirst = new();
        Cv2.CvtColor(image, blueFirst, ColorConversionCodes.RGB2BGR);
        Cv2.ImEncode(".jpg", blueFirst, out byte[] bytes);
        string name = WebUtility.HtmlEncode(Path.GetFileName(file));
        return $"<figure><img alt=\"{name}\" src=\"data:image/jpeg;base64,{Convert.ToBase64String(bytes)}\">" +
            $"<figcaption>{name}</figcaption></figure>";
    }
}
