using System.Runtime.InteropServices;

namespace TorchSharp;

/// <summary>How a value crosses to libtorch; <c>Tag</c> in Native/Torch/Bridge.h.</summary>
internal enum Tag
{
    None = 0,
    Default = 1,
    Tensor = 2,
    Int = 3,
    Double = 4,
    Bool = 5,
    Device = 6,
    String = 7,
    IntList = 8,
    DoubleList = 9,
    BoolList = 10,
    TensorList = 11,
    Generator = 12,
}

/// <summary>An operator's argument or result; <c>Value</c> in Native/Torch/Bridge.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NativeValue
{
    public Tag Tag;
    public int Length;
    public long Payload;
}
