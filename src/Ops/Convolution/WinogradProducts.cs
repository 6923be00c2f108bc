using System.Runtime.Intrinsics.X86;
using Vision.Ops.Libtorch;
using static TorchSharp.torch;
using static Vision.Ops.Convolution.WinogradTransforms;

namespace Vision.Ops.Convolution;

/// <summary>
/// The 36 matrix products of <see cref="WinogradConvolution"/>: of many transformed patches with the transformed weights. With AVX-512 they
/// are one 1×1 convolution of oneDNN's of 36 groups with packed weights, since MKL does not use AVX-512 on every processor that has it.
/// Elsewhere they are a batch of MKL's: with AVX2, oneDNN packs weights for one number of patches in ways that do not suit another, and
/// then packs them again in every call.
/// </summary>
internal sealed class WinogradProducts : IDisposable
{
    private static readonly Operator batch = new("aten::bmm(Tensor self, Tensor mat2) -> Tensor");

    private readonly int channels;
    private readonly FusedConvolution? grouped;            // [1, 36·C, T, 1] to [1, 36·K, T, 1]
    private readonly Tensor? weights;                      // [36, C, K]

    /// <summary>Packs the weights.</summary>
    /// <param name="weights">float32 [36, K, C] with C and K multiples of <see cref="Lanes"/>.</param>
    /// <param name="usual">The usual number of patches.</param>
    public WinogradProducts(Tensor weights, long usual)
    {
        channels = (int)weights.shape[2];
        if (Avx512F.IsSupported)
            grouped = new(weights.view(-1, channels, 1, 1), null, new([1, 1], [0, 0], [1, 1], Products), ConvolutionActivation.None,
                [1, Products * channels, usual, 1]);
        else this.weights = weights.transpose(1, 2).contiguous().DetachFromDisposeScope();
    }

    /// <summary>Multiplies.</summary>
    /// <param name="patches">float32 [T, 36, C].</param>
    /// <returns>[T, 36, K], not contiguous: only the last dimension is.</returns>
    public Tensor Call(Tensor patches)
    {
        if (grouped is null) return batch.Call(patches.transpose(0, 1), weights!).transpose(0, 1);
        long count = patches.shape[0];
        return grouped.Call(patches.view(1, count, 1, Products * channels).permute(0, 3, 1, 2)).permute(0, 2, 3, 1)
            .view(count, Products, -1);
    }

    /// <summary>Frees the weights.</summary>
    public void Dispose()
    {
        grouped?.Dispose();
        weights?.Dispose();
    }
}
