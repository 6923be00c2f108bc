using OpenCvSharp;

namespace Vision.Visualization;

/// <summary>Reads the frames of a video file or a camera one after another, in constant memory.</summary>
/// <remarks>For a damaged video, it returns the frames that can be decoded, and <see cref="Problems"/> lists what is missing.</remarks>
public sealed class VideoReader : IDisposable
{
    private const int MostAttempts = 100;

    private readonly VideoCapture capture;
    private readonly string name;
    private readonly Mat frame = new();
    private readonly VideoDiagnostics problems;
    private readonly TimeSpan period;

    private VideoReader(string name, VideoCapture capture)
    {
        (this.name, this.capture) = (name, capture);
        Width = capture.FrameWidth;
        Height = capture.FrameHeight;
        // Cameras and some files state no frame rate.
        FramesPerSecond = capture.Fps is > 0 and < 1000 ? capture.Fps : 25;
        period = TimeSpan.FromSeconds(1 / FramesPerSecond);
        // A stream has no frame count: OpenCV then returns 0 or less.
        double count = capture.Get(VideoCaptureProperties.FrameCount);
        FrameCount = count is >= 1 and <= int.MaxValue ? (int)count : null;
        problems = new VideoDiagnostics(name, FrameCount);
    }

    /// <summary>Width of the frames in pixels.</summary>
    public int Width { get; }

    /// <summary>Height of the frames in pixels.</summary>
    public int Height { get; }

    /// <summary>Frames per second; 25 if the video states none.</summary>
    public double FramesPerSecond { get; }

    /// <summary>The number of frames according to the video's header; null for a camera or a stream.</summary>
    public int? FrameCount { get; }

    /// <summary>Damaged or missing frames found so far, one sentence each, with frame numbers starting at 0.</summary>
    public IReadOnlyList<string> Problems => problems.Messages;

    /// <summary>Opens a video file.</summary>
    /// <exception cref="InputException">There is no such file, or it is not a video that can be decoded.</exception>
    public static VideoReader Open(string path)
    {
        if (Directory.Exists(path)) throw new InputException($"{path}: this is a folder; give a video file.");
        if (!File.Exists(path)) throw new InputException($"{path}: no such video; check the path.");
        if (new FileInfo(path).Length == 0) throw new InputException($"{path}: the file is empty; copy the video again.");

        // Only FFmpeg: OpenCV's other readers would treat the file as a numbered series of images, or wait for plug-ins.
        VideoCapture capture = Quietly(() => new VideoCapture(path, VideoCaptureAPIs.FFMPEG));
        if (capture.IsOpened() && capture.FrameWidth > 0 && capture.FrameHeight > 0) return new VideoReader(path, capture);
        capture.Dispose();
        throw new InputException(
            $"{path}: not a video that can be decoded, or one that was truncated before its index; convert it to MP4 (H.264) or AVI, or " +
            "copy it again.");
    }

    /// <summary>Opens a camera.</summary>
    /// <param name="index">0 is the first.</param>
    /// <exception cref="InputException">There is no such camera, or it is in use.</exception>
    public static VideoReader OpenCamera(int index)
    {
        VideoCapture capture = Quietly(() => new VideoCapture(index));
        if (capture.IsOpened()) return new VideoReader($"camera {index}", capture);
        capture.Dispose();
        throw new InputException(
            $"camera {index} cannot be opened; check that it is connected, that no other program uses it, and that you may read " +
            $"/dev/video{index}.");
    }

    /// <summary>The frames from the current position to the end. Frames that cannot be decoded are skipped.</summary>
    /// <returns>The frames; each frame's image is overwritten by the next.</returns>
    public IEnumerable<VideoFrame> Frames()
    {
        for (TimeSpan time = TimeSpan.Zero; Grab();)
        {
            if (!Retrieve())
            {
                problems.Undecodable(problems.Delivered);
                continue;
            }
            TimeSpan stated = TimeSpan.FromMilliseconds(Math.Clamp(capture.Get(VideoCaptureProperties.PosMsec), 0, 1e12));
            // The last frames of some codecs have no time stamp.
            TimeSpan next = problems.Delivered == 0 ? TimeSpan.Zero : time + period;
            if (problems.Delivered > 0 && stated > time)
            {
                if (stated - time > 1.5 * period) problems.Jump((int)Math.Round((stated - time) / period) - 1);
                next = stated;
            }
            time = next;
            yield return new VideoFrame(problems.Delivered++, time, frame);
        }
        problems.End();
    }

    /// <summary>The numbers of the frames from the current position to the end, and copies of their images, which the caller
    /// disposes: for <see cref="ImagePipeline"/>.</summary>
    public IEnumerable<(int Index, Mat Image)> Copies() => Frames().Select(read => (read.Index, read.Image.Clone()));

    /// <summary>Closes the video and frees the frame's memory.</summary>
    public void Dispose()
    {
        capture.Dispose();
        frame.Dispose();
    }

    /// <summary>Advances to the next frame that FFmpeg can decode.</summary>
    private bool Grab()
    {
        try
        {
            // A damaged frame ends one attempt, not the video; the announced number of frames tells the two apart.
            for (int attempt = 0; attempt < MostAttempts; attempt++)
            {
                if (capture.Grab()) return true;
                if (!problems.MoreAnnounced) return false;
            }
            return false;
        }
        catch (OpenCVException exception)
        {
            problems.Add($"{name}: reading stopped at frame {problems.Delivered} ({exception.Message}).");
            return false;
        }
    }

    private bool Retrieve()
    {
        try
        {
            if (!capture.Retrieve(frame) || frame.Empty()) return false;
            Cv2.CvtColor(frame, frame, frame.Channels() == 1 ? ColorConversionCodes.GRAY2RGB : ColorConversionCodes.BGR2RGB);
            return true;
        }
        catch (OpenCVException)
        {
            return false;
        }
    }

    /// <summary>Suppresses OpenCV's messages: opening something that is not a video is a user error with its own message.</summary>
    private static VideoCapture Quietly(Func<VideoCapture> open)
    {
        LogLevel before = Cv2.SetLogLevel(LogLevel.SILENT);
        try
        {
            return open();
        }
        finally
        {
            Cv2.SetLogLevel(before);
        }
    }
}
