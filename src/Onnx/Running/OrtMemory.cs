using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Vision.Onnx;

/// <summary>Tensors of TorchSharp as ONNX Runtime's, and back.</summary>
internal static class OrtMemory
{
    private static readonly Type[] readable = [typeof(float), typeof(long), typeof(bool)];

    /// <summary>Whether an output's type is one that <see cref="ToTensor"/> reads.</summary>
    public static bool CanRead(NodeMetadata output) => output.IsTensor && readable.Contains(output.ElementType);

    /// <summary>A float32 tensor as ONNX Runtime's, in the same memory: dispose it before the tensor.</summary>
    /// <param name="tensor">On the CPU, contiguous.</param>
    public static unsafe OrtValue Of(Tensor tensor)
    {
        fixed (byte* data = tensor.bytes)
            return OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, TensorElementType.Float, tensor.shape, (nint)data,
                tensor.numel() * sizeof(float));
    }

    /// <summary>A copy of a tensor of float32, int64 or bool.</summary>
    public static Tensor ToTensor(OrtValue value)
    {
        OrtTensorTypeAndShapeInfo info = value.GetTensorTypeAndShape();
        return info.ElementDataType switch
        {
            TensorElementType.Int64 => Copy<long>(value, info.Shape, ScalarType.Int64),
            TensorElementType.Bool => Copy<bool>(value, info.Shape, ScalarType.Bool),
            _ => Copy<float>(value, info.Shape, ScalarType.Float32),
        };
    }

    private static Tensor Copy<T>(OrtValue value, long[] shape, ScalarType type) where T : unmanaged
    {
        Tensor tensor = empty(shape, type);
        if (tensor.numel() > 0) MemoryMarshal.AsBytes(value.GetTensorDataAsSpan<T>()).CopyTo(tensor.bytes);
        return tensor;
    }
}
