using static TorchSharp.torch;
using static Vision.Ops.Convolution.WinogradTransforms;

namespace Vision.Ops.Convolution;

/// <summary>The transform of weights in Winograd's F(4×4, 3×3), GgGᵀ (Lavin and Gray 2015, arXiv:1509.09308), as a matrix product.</summary>
internal static class WinogradWeights
{
    private const int Taps = 9;

    private static readonly double[] rows =
    [
        1 / 4d, 0, 0,  -1 / 6d, -1 / 6d, -1 / 6d,  -1 / 6d, 1 / 6d, -1 / 6d,  1 / 24d, 1 / 12d, 1 / 6d,  1 / 24d, -1 / 12d, 1 / 6d,  0, 0, 1,
    ];

    /// <summary>[K, C, 3, 3] to [36, K, C].</summary>
    public static Tensor Transform(Tensor weight)
    {
        using var scope = NewDisposeScope();
        long k = weight.shape[0], c = weight.shape[1];
        Tensor taps = weight.permute(2, 3, 0, 1).reshape(Taps, k * c);
        return Matrix(weight.dtype).mm(taps).view(Products, k, c).MoveToOuterDisposeScope();
    }

    /// <summary>The gradient of weights from that of the transformed: [36, K, C] to [K, C, 3, 3], channels-last.</summary>
    public static Tensor Gradient(Tensor transformed)
    {
        using var scope = NewDisposeScope();
        long k = transformed.shape[1], c = transformed.shape[2];
        Tensor taps = Matrix(transformed.dtype).t().mm(transformed.view(Products, k * c));      // [9, K·C]
        return MemoryFormat.ChannelsLast(taps.view(3, 3, k, c).permute(2, 3, 0, 1)).MoveToOuterDisposeScope();
    }

    private static Tensor Matrix(ScalarType type)
    {
        Tensor g = tensor(rows).view(Patch, 3);
        return kron(g, g).to(type);                                                             // [36, 9]
    }
}
