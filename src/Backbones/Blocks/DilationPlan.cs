namespace Vision.Backbones;

/// <summary>
/// Turns strides beyond the output stride into dilation, layer by layer: torchvision's <c>replace_stride_with_dilation</c>. The dilated
/// network's subsampled outputs equal the strided network's, except near the borders.
/// </summary>
public sealed class DilationPlan
{
    private readonly int outputStride;
    private int dilation = 1;

    /// <summary>A plan for the layers after a stem.</summary>
    /// <param name="outputStride">The maximum total stride.</param>
    /// <param name="stemReduction">The total stride of the stem, which is kept.</param>
    public DilationPlan(int outputStride, int stemReduction)
    {
        this.outputStride = outputStride;
        Reduction = stemReduction;
    }

    /// <summary>The total stride up to the last planned layer.</summary>
    public int Reduction { get; private set; }

    /// <summary>Plans the next layers, given the nominal stride of the first one.</summary>
    /// <returns>The stride and dilation of the first layer, and the dilation of the layers after it until the next call.</returns>
    public (int Stride, int FirstDilation, int Dilation) Next(int stride)
    {
        int before = dilation;
        if (Reduction * stride <= outputStride)
        {
            Reduction *= stride;
            return (stride, before, dilation);
        }
        dilation *= stride;
        return (1, before, dilation);
    }
}
