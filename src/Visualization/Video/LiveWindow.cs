using System.Runtime.ExceptionServices;
using OpenCvSharp;
using Vision.Data;

namespace Vision.Visualization;

/// <summary>
/// A window with the newest frame of a video. It has a thread of its own, as the libraries behind OpenCV's windows want it: it stays quick
/// to answer however long a frame takes, and never holds a video up; frames that come faster than they can be shown are left out.
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
    /// <param name="title">What it is called.</param>
    /// <param name="closed">Is called once where the user closes it, or presses q or Escape in it.</param>
    /// <exception cref="InputException">There is no display.</exception>
    public LiveWindow(string title, Action closed)
    {
        // GTK, which OpenCV draws windows with, would say so in words of its own.
        if (OperatingSystem.IsLinux() && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("DISPLAY"))
            && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("WAYLAND_DISPLAY")))
            throw new InputException("There is no display to show a window on (DISPLAY is not set): leave out --show.");
        (this.title, this.closed) = (title, closed);
        thread = new(Run) { IsBackground = true, Name = "window" };
        thread.Start();
    }

    /// <summary>Shows a frame in place of the one before; nothing where the window was closed.</summary>
    /// <param name="image">RGB; a copy is shown, reduced where it is larger than most screens.</param>
    /// <exception cref="OpenCVException">The window could not be shown.</exception>
    public void Show(Mat image)
    {
        failure?.Throw();
        if (ends) return;
        Interlocked.Exchange(ref newest, Shown(image))?.Dispose();
    }

    /// <summary>A copy as OpenCV's windows want it: BGR, and no larger than most screens.</summary>
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

    /// <summary>Whether the user has not closed the window. Not every library behind OpenCV knows both; what they do
    /// not know is −1 of the first, and 0 or more of the second.</summary>
    private bool IsThere() => Cv2.GetWindowProperty(title, WindowPropertyFlags.Visible) != 0
        && Cv2.GetWindowProperty(title, WindowPropertyFlags.AutoSize) >= 0;
}
