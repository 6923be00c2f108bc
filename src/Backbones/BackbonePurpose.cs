namespace Vision.Backbones;

/// <summary>What a MobileNet is cut into stages for, as torchvision does it.</summary>
public enum BackbonePurpose
{
    /// <summary>Each stage ends with the last block of its resolution. Keys begin with <c>features.</c></summary>
    Classifier,

    /// <summary>Besides, the last stage is cut in two, its strided block and the rest, for a pyramid to
    /// stand on both. Keys are without <c>features.</c></summary>
    Detector,

    /// <summary>Each stage ends with the first block of its resolution, the strided one; only the last goes
    /// on to the end. Keys are without <c>features.</c></summary>
    Segmenter,
}
