namespace Vision.Detection;

/// <summary>What a detector predicts for each object.</summary>
public enum DetectorTask
{
    /// <summary>A box.</summary>
    Detection,

    /// <summary>A box and a mask.</summary>
    Instance,

    /// <summary>A box and keypoints.</summary>
    Keypoint,
}
