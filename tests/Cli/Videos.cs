using OpenCvSharp;
using Vision.Cli.Demo;

namespace Vision.Cli.Tests;

/// <summary>Small videos.</summary>
internal static class Videos
{
    /// <summary>Writes moving shapes and gives the path.</summary>
    public static string Write(string path, int frames, int size = 64)
    {
        using VideoWriter writer = new(path, FourCC.FromString("mp4v"), 25, new Size(size, size));
        Assert.True(writer.IsOpened());
        using Mat bgr = new();
        foreach (Mat frame in ShapeVideo.Frames(size, frames, seed: 3))
        {
            Cv2.CvtColor(frame, bgr, ColorConversionCodes.RGB2BGR);
            writer.Write(bgr);
        }
        return path;
    }

    /// <summary>How many frames a video really has.</summary>
    public static int CountFrames(string path)
    {
        using VideoCapture video = new(path);
        using Mat frame = new();
        int count = 0;
        while (video.Read(frame) && !frame.Empty()) count++;
        return count;
    }
}
