namespace Vision.Backbones;

/// <summary>The use that determines how a MobileNet is divided into stages, as in torchvision.</summary>
public enum BackbonePurpose
{
    /// <summary>Each stage ends with the last block of its resolution. Keys begin with <c>features.</c></summary>
    Classifier,

    /// <summary>Like <see cref="Classifier"/>, but the last stage is split into its strided block and the rest, so that
    /// a pyramid can use both. Keys have no <c>features.</c></summary>
    Detector,

    /// <summary>Each stage ends with the first block of its resolution, the strided one; only the last stage
    /// continues to the end. Keys have no <c>features.</c></summary>
    Segmenter,
}
