namespace Vision.Backbones;

/// <summary>The normalisation after each convolution of a backbone.</summary>
public enum NormKind
{
    /// <summary>Batch normalisation: for training from scratch, with batches of several images.</summary>
    BatchNorm,

    /// <summary>Batch normalisation with fixed statistics and affine parameters: for fine-tuning published weights with small batches.</summary>
    FrozenBatchNorm,

    /// <summary>Group normalisation with 32 groups, or fewer where these do not divide the channels (Wu &amp; He 2018, arXiv:1803.08494): independent of the batch's size.</summary>
    GroupNorm,

    /// <summary>Layer normalisation over the channels of each pixel, as in ConvNeXt (Liu et al. 2022, arXiv:2201.03545).</summary>
    LayerNorm2d,
}
