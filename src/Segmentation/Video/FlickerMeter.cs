using OpenCvSharp;
using Vision.Data;

namespace Vision.Segmentation;

/// <summary>Measures how much a video's segmentation flickers: how many pixels change their class from one
/// frame to the next although the image does not change there.</summary>
public sealed class FlickerMeter : IDisposable
{
    // Of 255, after blurring: above the noise of cameras and codecs, below the effect of motion.
    private const int MostChange = 3;
    private static readonly OpenCvSharp.Size blur = new(5, 5);

    private Mat? before;
    private SegmentationMap? mapBefore;
    private long still, changed;

    /// <summary>The fraction of still pixels whose class changed, in [0, 1]; −1 if there are none.</summary>
    public double Value => still == 0 ? -1 : (double)changed / still;

    /// <summary>Adds the next frame.</summary>
    /// <param name="frame">RGB, 8 bits.</param>
    /// <param name="map">The frame's classes. Pixels of <see cref="SegmentationMap.Ignore"/> are not counted.</param>
    public void Add(Mat frame, SegmentationMap map)
    {
        Mat gray = new();
        Cv2.CvtColor(frame, gray, ColorConversionCodes.RGB2GRAY);
        Cv2.GaussianBlur(gray, gray, blur, 0);
        if (before is not null && before.Size() == gray.Size())
        {
            ReadOnlySpan<byte> now = gray.AsSpan<byte>(), then = before.AsSpan<byte>(),
                classes = map.Classes, classesBefore = mapBefore!.Classes;
            for (int i = 0; i < now.Length; i++)
            {
                if (Math.Abs(now[i] - then[i]) > MostChange || classes[i] == SegmentationMap.Ignore
                    || classesBefore[i] == SegmentationMap.Ignore) continue;
                still++;
                if (classes[i] != classesBefore[i]) changed++;
            }
        }
        before?.Dispose();
        (before, mapBefore) = (gray, map);
    }

    /// <inheritdoc/>
    public void Dispose() => before?.Dispose();
}
