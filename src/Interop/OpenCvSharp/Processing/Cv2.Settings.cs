using OpenCvSharp.Internal;
using static OpenCvSharp.Internal.Native;

namespace OpenCvSharp;

public static partial class Cv2
{
    public static void SetNumThreads(int nThreads) => Check(Native.SetNumThreads(nThreads));

    public static int GetNumThreads() => Native.GetNumThreads();

    /// <summary>Sets what OpenCV prints on standard error; gives the level before.</summary>
    public static LogLevel SetLogLevel(LogLevel logLevel) => (LogLevel)Native.SetLogLevel((int)logLevel);
}
