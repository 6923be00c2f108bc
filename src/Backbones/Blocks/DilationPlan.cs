namespace Vision.Backbones;

/// <summary>
/// Turns strides beyond the output stride into dilation, layer by layer: torchvision's <c>replace_stride_with_dilation</c>. The dilated
/// network's outputs, subsampled, are the strided one's (away from the borders).
/// </summary>
internal sealed class DilationPlan
{
    private readonly int outputStride;
    private int dilation = 1;

    /// <summary>A plan for what comes after a stem.</summary>
    /// <param name="outputStride">The most that the strides may multiply to.</param>
    /// <param name="stemReduction">What those of the stem multiply to; they stay as they are.</param>
    public DilationPlan(int outputStride, int stemReduction)
    {
        this.outputStride = outputStride;
        Reduction = stemReduction;
    }

    /// <summary>Input pixels that one step of the last layer's output spans.</summary>
    public int Reduction { get; private set; }

    /// <summary>Places the next layers, the first of which would have a stride.</summary>
    /// <returns>The stride and dilation of that first layer, and the dilation of those after it, until the next call.</returns>
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
