using System.Runtime.InteropServices.Marshalling;
using OpenCvSharp.Internal;

namespace OpenCvSharp;

[NativeMarshalling(typeof(NativeInput.Marshaller))]
public class InputArray
{
    internal InputArray(Mat mat) => Mat = mat;

    internal InputArray(Scalar scalar) => Scalar = scalar;

    internal Mat? Mat { get; }

    internal Scalar Scalar { get; }

    public static InputArray Create(Mat mat) => new(mat);

    public static InputArray Create(Scalar val) => new(val);

    public static InputArray Create(double val) => new(Scalar.FromDouble(val));

    public static implicit operator InputArray(Mat mat) => Create(mat);

    public static implicit operator InputArray(Scalar val) => Create(val);

    public static implicit operator InputArray(double val) => Create(val);
}
