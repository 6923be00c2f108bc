using static TorchSharp.torch;

namespace Vision.Ops.Libtorch;

/// <summary>Feature maps in channels-last format on the CPU, without the handles and copies of shapes that TorchSharp's functions make: a
/// small network computes for as long as they take.</summary>
internal static unsafe class FeatureMap
{
    /// <summary>A new map, float32 [N, C, H, W], channels-last; its values are undefined.</summary>
    public static Tensor New(long images, long channels, long height, long width)
    {
        long* sizes = stackalloc[] { images, channels, height, width };
        long* strides = stackalloc[] { height * width * channels, 1, width * channels, channels };
        Shim.Check(Shim.aoti_torch_empty_strided(4, sizes, strides, (int)ScalarType.Float32, 0, 0, out nint made), "a new feature map");
        return TensorHandle.Own(made);
    }

    /// <summary>Whether the values of a map of four dimensions lie in the order [N, H, W, C] without gaps.</summary>
    public static bool IsChannelsLast(Tensor map)
    {
        Shim.Check(Shim.aoti_torch_get_sizes(map.Handle, out long* sizes), "the shape of a feature map");
        Shim.Check(Shim.aoti_torch_get_strides(map.Handle, out long* strides), "the strides of a feature map");
        long expected = 1;
        foreach (int dimension in (ReadOnlySpan<int>)[1, 3, 2, 0])
        {
            if (sizes[dimension] != 1 && strides[dimension] != expected) return false;
            expected *= sizes[dimension];
        }
        return true;
    }
}
