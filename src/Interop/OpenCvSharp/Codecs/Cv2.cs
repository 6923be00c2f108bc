using OpenCvSharp.Internal;
using static OpenCvSharp.Internal.Native;

namespace OpenCvSharp;

public static partial class Cv2
{
    /// <summary>Reads an image, BGR. A file that is none gives an empty matrix.</summary>
    public static Mat ImRead(string fileName, ImreadModes flags = ImreadModes.Color) => new(fileName, flags);

    public static Mat ImDecode(byte[] buf, ImreadModes flags) => ImDecode(buf.AsSpan(), flags);

    /// <summary>Decodes an image, BGR. Bytes that are none give an empty matrix.</summary>
    public static Mat ImDecode(ReadOnlySpan<byte> span, ImreadModes flags)
    {
        if (span.IsEmpty) throw new ArgumentException("There are no bytes to decode.", nameof(span));
        Mat image = new();
        Check(Native.ImDecode(span, span.Length, (int)flags, image));
        return image;
    }

    public static bool ImWrite(string fileName, Mat img, int[]? prms = null)
    {
        Check(Native.ImWrite(fileName, img.Handle, prms, prms?.Length ?? 0, out int written));
        return written != 0;
    }

    public static bool ImWrite(string fileName, Mat img, params ImageEncodingParam[] prms) => ImWrite(fileName, img, Numbers(prms));

    public static bool ImEncode(string ext, InputArray img, out byte[] buf, int[]? prms = null)
    {
        using Mat bytes = new();
        Check(Native.ImEncode(ext, img, prms, prms?.Length ?? 0, bytes, out int encoded));
        buf = bytes.AsSpan<byte>().ToArray();
        return encoded != 0;
    }

    public static void ImEncode(string ext, InputArray img, out byte[] buf, params ImageEncodingParam[] prms) =>
        ImEncode(ext, img, out buf, Numbers(prms));

    private static int[] Numbers(ImageEncodingParam[] parameters) =>
        [.. parameters.SelectMany(parameter => new[] { (int)parameter.EncodingId, parameter.Value })];
}
