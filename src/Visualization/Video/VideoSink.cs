using OpenCvSharp;
using Vision.Data;

namespace Vision.Visualization;

/// <summary>Writes a video frame by frame, in constant memory. The file appears under its name only when it is complete.</summary>
/// <remarks>
/// The file extension determines the format: .mp4 is H.264, which every browser and player shows, or MPEG-4 Part 2 if OpenCV cannot encode
/// H.264 (as in its Linux build); .avi is Motion JPEG. Both .mp4 codecs halve the color resolution and so need even sizes: the last column
/// or row of an odd frame is duplicated.
/// </remarks>
public sealed class VideoSink : IDisposable
{
    private readonly string path, partial;
    private readonly double framesPerSecond;
    private readonly FourCC[] codecs;
    private readonly Mat bgr = new();
    private VideoWriter? writer;
    private Size size;

    /// <summary>Prepares to write; the file is created at the first frame.</summary>
    /// <param name="path">The video's name, ending in .mp4 or .avi.</param>
    /// <param name="framesPerSecond">Above 0.</param>
    /// <exception cref="InputException">The name has another extension.</exception>
    public VideoSink(string path, double framesPerSecond)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(framesPerSecond);
        string ending = Path.GetExtension(path).ToLowerInvariant();
        codecs = ending switch
        {
            // On Linux, FFmpeg would try its hardware encoders for H.264, find none, and print that to the console.
            ".mp4" when OperatingSystem.IsLinux() => [FourCC.FromString("mp4v")],
            ".mp4" => [FourCC.FromString("avc1"), FourCC.FromString("mp4v")],
            ".avi" => [FourCC.FromString("MJPG")],
            _ => throw new InputException($"{path}: videos are written as .mp4 or .avi; use one of these extensions."),
        };
        this.path = path;
        this.framesPerSecond = framesPerSecond;
        partial = Path.ChangeExtension(path, ".partial" + ending);
    }

    /// <summary>The number of frames written.</summary>
    public int FrameCount { get; private set; }

    /// <summary>Appends a frame.</summary>
    /// <param name="frame">RGB, 8 bits, of the same size as the first frame.</param>
    /// <exception cref="ArgumentException">Its size differs from that of the first frame.</exception>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public void Write(Mat frame)
    {
        frame.RequireRgb8();
        if (FrameCount == 0) Begin(frame.Size());
        if (frame.Size() != size)
            throw new ArgumentException(
                $"Frame {FrameCount} of {path} is {frame.Width}×{frame.Height}; those before it are {size.Width}×{size.Height}.",
                nameof(frame));

        Cv2.CvtColor(frame, bgr, ColorConversionCodes.RGB2BGR);
        if (size.Width % 2 + size.Height % 2 > 0)
            Cv2.CopyMakeBorder(bgr, bgr, 0, size.Height % 2, 0, size.Width % 2, BorderTypes.Replicate);
        writer!.Write(bgr);
        FrameCount++;
    }

    /// <summary>Completes the file and gives it its name, replacing an existing file.</summary>
    /// <exception cref="InvalidOperationException">No frame was written.</exception>
    /// <exception cref="InputException">The file could not be written completely.</exception>
    public void Complete()
    {
        if (writer is null) throw new InvalidOperationException($"{path}: no frame was written, or the video is already complete.");
        writer.Dispose();
        writer = null;

        // OpenCV does not report a full disk, so the written file is read back.
        int? arrived;
        try
        {
            using VideoReader written = VideoReader.Open(partial);
            arrived = written.FrameCount;
        }
        catch (InputException exception)
        {
            throw Unwritable("the disk may be full", exception);
        }
        if (arrived < FrameCount) throw Unwritable($"{arrived} of {FrameCount} frames were written; the disk may be full", null);
        File.Move(partial, path, overwrite: true);
    }

    /// <summary>Frees the memory; a video that was not completed is deleted.</summary>
    public void Dispose()
    {
        writer?.Dispose();
        writer = null;
        bgr.Dispose();
        if (File.Exists(partial)) File.Delete(partial);
    }

    private void Begin(Size frame)
    {
        size = frame;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            // OpenCV gives no reason if it cannot create a file; this does.
            File.WriteAllBytes(partial, []);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(exception.Message, exception);
        }

        LogLevel before = Cv2.SetLogLevel(LogLevel.SILENT);
        Size even = new(frame.Width + frame.Width % 2, frame.Height + frame.Height % 2);
        foreach (FourCC codec in codecs)
        {
            writer = new VideoWriter(partial, VideoCaptureAPIs.FFMPEG, codec, framesPerSecond, even);
            if (writer.IsOpened()) break;
            writer.Dispose();
            writer = null;
        }
        Cv2.SetLogLevel(before);
        if (writer is null)
            throw Unwritable($"this OpenCV cannot encode {Path.GetExtension(path)} video of {frame.Width}×{frame.Height} pixels", null);
    }

    private InputException Unwritable(string reason, Exception? inner) =>
        new($"{path} cannot be written ({reason}); choose another folder or format.", inner);
}
