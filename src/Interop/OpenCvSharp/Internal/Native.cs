using System.Runtime.InteropServices;

namespace OpenCvSharp.Internal;

/// <summary>The C functions of <c>libvision_opencv.so</c>. Those that return a status throw by way of <see cref="Check"/>.</summary>
internal static partial class Native
{
    private const string Library = "vision_opencv";

    /// <summary>Throws what OpenCV threw, if it did.</summary>
    public static void Check(int status)
    {
        if (status == 0) return;
        LastError(out int code, out IntPtr message, out IntPtr function, out IntPtr file, out int line);
        throw new OpenCVException((ErrorCode)code, Text(function), Text(message), Text(file), line);

        static string Text(IntPtr utf8) => Marshal.PtrToStringUTF8(utf8) ?? "";
    }

    [LibraryImport(Library, EntryPoint = "vision_cv_error")]
    private static partial void LastError(out int code, out IntPtr message, out IntPtr function, out IntPtr file, out int line);
}
