using System.Runtime.ExceptionServices;
using OpenCvSharp;

namespace Vision.Visualization;

/// <summary>
/// A window that shows the latest frame of a video. It has its own thread, as the libraries behind OpenCV's windows require: it stays
/// responsive however long a frame takes, and never delays the video; frames that arrive faster than they can be shown are skipped.
/// </summary>
public sealed class LiveWindow : IDisposable
{
    private const int Glance = 20, Escape = 27;

    private static readonly Size largest = new(1280, 720);

    private readonly string title;
    private readonly Action closed;
    private readonly Thread thread;
    private Mat? newest;
    private ExceptionDispatchInfo? failure;
    private volatile bool ends;

    /// <summary>Prepares a window; it opens with the first frame.</summary>
    /// <param name="title">The window's title.</param>
    /// <param name="closed">Called once if the user closes the window, or presses q or Escape in it.</param>
    /// <exception cref="InputException">There is no display.</exception>
    public LiveWindow(string title, Action closed)
    {
        // GTK, which OpenCV uses for windows, would print its own messages.
        if (OperatingSystem.IsLinux() && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("DISPLAY"))
            && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("WAYLAND_DISPLAY")))
        {
            throw new InputException("There is no display to show a window on (DISPLAY is not set): run without a live window.");
        }
        (this.title, this.closed) = (title, closed);
        thread = new(Run) { IsBackground = true, Name = "window" };
        thread.Start();
    }

    /// <summary>Shows a frame in place of the previous one; does nothing if the window was closed.</summary>
    /// <param name="image">RGB; a copy is shown, scaled down if it is larger than most screens.</param>
    /// <exception cref="OpenCVException">The window could not be shown.</exception>
    public void Show(Mat image)
    {
        failure?.Throw();
        if (ends) return;
        Interlocked.Exchange(ref newest, Shown(image))?.Dispose();
    }

    /// <summary>A copy for OpenCV's windows: BGR, and no larger than most screens.</summary>
    internal static Mat Shown(Mat image)
    {
        double scale = Math.Min(1, Math.Min((double)largest.Width / image.Width, (double)largest.Height / image.Height));
        Mat copy = new();
        Size size = new(Math.Max(1, image.Width * scale), Math.Max(1, image.Height * scale));
        Cv2.Resize(image, copy, size, 0, 0, InterpolationFlags.Area);
        Cv2.CvtColor(copy, copy, ColorConversionCodes.RGB2BGR);
        return copy;
    }

    /// <summary>Closes the window.</summary>
    public void Dispose()
    {
        ends = true;
        thread.Join();
        newest?.Dispose();
    }

    private void Run()
    {
        bool isOpen = false;
        try
        {
            while (!ends)
            {
                using (Mat? image = Interlocked.Exchange(ref newest, null))
                {
                    if (image is not null)
                    {
                        // without the toolbar that some builds of OpenCV add
                        if (!isOpen) Cv2.NamedWindow(title, WindowFlags.AutoSize | WindowFlags.GuiNormal);
                        Cv2.ImShow(title, image);
                        isOpen = true;
                    }
                }
                if (!isOpen) Thread.Sleep(Glance);
                else if (Cv2.WaitKey(Glance) is 'q' or Escape || !IsThere())
                {
                    ends = true;
                    closed();
                }
            }
            if (isOpen && IsThere()) Cv2.DestroyWindow(title);
        }
        catch (OpenCVException exception)
        {
            (failure, ends) = (ExceptionDispatchInfo.Capture(exception), true);
        }
    }

    /// <summary>Whether the window is still open. Not every library behind OpenCV supports both properties; unsupported ones return −1 for
    /// the first and 0 or more for the second.</summary>
    private bool IsThere() => Cv2.GetWindowProperty(title, WindowPropertyFlags.Visible) != 0
        && Cv2.GetWindowProperty(title, WindowPropertyFlags.AutoSize) >= 0;
}
