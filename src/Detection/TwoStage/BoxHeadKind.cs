namespace Vision.Detection;

/// <summary>The head that turns a pooled region into a feature vector.</summary>
public enum BoxHeadKind
{
    /// <summary>Two fully connected layers (Lin et al. 2017, arXiv:1612.03144).</summary>
    TwoLayers,

    /// <summary>Four 3×3 convolutions with batch normalization and one fully connected layer (Li et al. 2021, arXiv:2111.11429).</summary>
    Convolutions,

    /// <summary>The backbone's last stage, averaged (He et al. 2015, arXiv:1512.03385).</summary>
    LastStage,
}
