using System.Runtime.InteropServices.Marshalling;
using OpenCvSharp.Internal;

namespace OpenCvSharp;

[NativeMarshalling(typeof(OutputMarshaller))]
public class OutputArray
{
    internal OutputArray(Mat mat)
    {
        ArgumentNullException.ThrowIfNull(mat);
        Mat = mat;
    }

    internal Mat Mat { get; }

    public static OutputArray Create(Mat mat) => new(mat);

    public static implicit operator OutputArray(Mat mat) => new(mat);
}
