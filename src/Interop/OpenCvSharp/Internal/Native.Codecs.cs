using System.Runtime.InteropServices;

namespace OpenCvSharp.Internal;

internal static partial class Native
{
    [LibraryImport(Library, EntryPoint = "vision_cv_imread", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int ImRead(string file, int flags, OutputArray result);

    [LibraryImport(Library, EntryPoint = "vision_cv_imdecode")]
    public static partial int ImDecode(ReadOnlySpan<byte> data, long length, int flags, OutputArray result);

    [LibraryImport(Library, EntryPoint = "vision_cv_imwrite", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int ImWrite(string file, MatHandle image, ReadOnlySpan<int> parameters, int count, out int written);

    [LibraryImport(Library, EntryPoint = "vision_cv_imencode", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int ImEncode(string extension, InputArray image, ReadOnlySpan<int> parameters, int count, OutputArray result, out int encoded);
}
