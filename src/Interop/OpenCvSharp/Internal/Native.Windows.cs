using System.Runtime.InteropServices;

namespace OpenCvSharp.Internal;

internal static partial class Native
{
    [LibraryImport(Library, EntryPoint = "vision_cv_named_window", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int NamedWindow(string name, int flags);

    [LibraryImport(Library, EntryPoint = "vision_cv_imshow", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int ImShow(string name, MatHandle image);

    [LibraryImport(Library, EntryPoint = "vision_cv_wait_key")]
    public static partial int WaitKey(int delay, out int key);

    [LibraryImport(Library, EntryPoint = "vision_cv_window_property", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int WindowProperty(string name, int property, out double value);

    [LibraryImport(Library, EntryPoint = "vision_cv_destroy_window", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int DestroyWindow(string name);
}
