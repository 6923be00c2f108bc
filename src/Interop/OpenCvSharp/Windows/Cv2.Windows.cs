using OpenCvSharp.Internal;
using static OpenCvSharp.Internal.Native;

namespace OpenCvSharp;

public static partial class Cv2
{
    public static void NamedWindow(string winName, WindowFlags flags = WindowFlags.Normal) => Check(Native.NamedWindow(winName, (int)flags));

    public static void ImShow(string winName, Mat mat) => Check(Native.ImShow(winName, mat.Handle));

    public static int WaitKey(int delay = 0)
    {
        Check(Native.WaitKey(delay, out int key));
        return key;
    }

    public static double GetWindowProperty(string winName, WindowPropertyFlags propId)
    {
        Check(Native.WindowProperty(winName, (int)propId, out double value));
        return value;
    }

    public static void DestroyWindow(string winName) => Check(Native.DestroyWindow(winName));
}
