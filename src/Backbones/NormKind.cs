namespace Vision.Backbones;

/// <summary>The normalisation after each convolution of a backbone.</summary>
public enum NormKind
{
    /// <summary>Batch normalisation: for training from scratch, with batches of several images.</summary>
    BatchNorm,

    /// <summary>Batch normalisation with fixed statistics and affine parameters: for fine-tuning published weights with small batches.</summary>
    FrozenBatchNorm,

    /// <summary>Group normalisation with 32 groups (Wu &amp; He 2018, arXiv:1803.08494): independent of the batch's size.</summary>
    GroupNorm,
}
