using System.Runtime.InteropServices;

namespace OpenCvSharp.Internal;

internal static partial class Native
{
    [LibraryImport(Library, EntryPoint = "vision_cv_capture_new")]
    public static partial int CaptureNew(out CaptureHandle result);

    [LibraryImport(Library, EntryPoint = "vision_cv_capture_delete")]
    public static partial void CaptureDelete(IntPtr capture);

    [LibraryImport(Library, EntryPoint = "vision_cv_capture_open_file", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int CaptureOpenFile(CaptureHandle capture, string file, int api, out int opened);

    [LibraryImport(Library, EntryPoint = "vision_cv_capture_open_camera")]
    public static partial int CaptureOpenCamera(CaptureHandle capture, int index, int api, out int opened);

    [LibraryImport(Library, EntryPoint = "vision_cv_capture_is_opened")]
    public static partial int CaptureIsOpened(CaptureHandle capture, out int opened);

    [LibraryImport(Library, EntryPoint = "vision_cv_capture_grab")]
    public static partial int CaptureGrab(CaptureHandle capture, out int grabbed);

    [LibraryImport(Library, EntryPoint = "vision_cv_capture_retrieve")]
    public static partial int CaptureRetrieve(CaptureHandle capture, OutputArray image, int flag, out int retrieved);

    [LibraryImport(Library, EntryPoint = "vision_cv_capture_read")]
    public static partial int CaptureRead(CaptureHandle capture, OutputArray image, out int read);

    [LibraryImport(Library, EntryPoint = "vision_cv_capture_get")]
    public static partial int CaptureGet(CaptureHandle capture, int property, out double value);

    [LibraryImport(Library, EntryPoint = "vision_cv_capture_set")]
    public static partial int CaptureSet(CaptureHandle capture, int property, double value, out int done);

    [LibraryImport(Library, EntryPoint = "vision_cv_writer_new")]
    public static partial int WriterNew(out WriterHandle result);

    [LibraryImport(Library, EntryPoint = "vision_cv_writer_delete")]
    public static partial void WriterDelete(IntPtr writer);

    [LibraryImport(Library, EntryPoint = "vision_cv_writer_open", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int WriterOpen(WriterHandle writer, string file, int api, int fourcc, double fps, Size size, int colour, out int opened);

    [LibraryImport(Library, EntryPoint = "vision_cv_writer_is_opened")]
    public static partial int WriterIsOpened(WriterHandle writer, out int opened);

    [LibraryImport(Library, EntryPoint = "vision_cv_writer_write")]
    public static partial int WriterWrite(WriterHandle writer, InputArray image);

    [LibraryImport(Library, EntryPoint = "vision_cv_writer_release")]
    public static partial int WriterRelease(WriterHandle writer);

    [LibraryImport(Library, EntryPoint = "vision_cv_flow_farneback")]
    public static partial int FlowFarneback(
        InputArray before, InputArray after, OutputArray flow, double scale, int levels, int window, int iterations, int poly, double sigma, int flags);
}
