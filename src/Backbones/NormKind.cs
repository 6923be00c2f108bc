namespace Vision.Backbones;

/// <summary>The normalization after each convolution of a backbone.</summary>
public enum NormKind
{
    /// <summary>Batch normalization: for training from scratch, with batches of several images.</summary>
    BatchNorm,

    /// <summary>Batch normalization with fixed statistics and affine parameters: for
    /// fine-tuning published weights with small batches.</summary>
    FrozenBatchNorm,

    /// <summary>Group normalization with 32 groups, or fewer if 32 does not divide the channels (Wu &amp; He
    /// 2018, arXiv:1803.08494): independent of the batch size.</summary>
    GroupNorm,

    /// <summary>Layer normalization over the channels of each pixel, as in ConvNeXt (Liu et al. 2022, arXiv:2201.03545).</summary>
    LayerNorm2d,
}
