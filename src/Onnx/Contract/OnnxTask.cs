namespace Vision.Onnx;

/// <summary>What an exported network predicts for an image.</summary>
public enum OnnxTask
{
    /// <summary>The class of the whole image.</summary>
    Classification,

    /// <summary>The class of every pixel.</summary>
    SemanticSegmentation,

    /// <summary>Objects: a class and a box of each.</summary>
    Detection,

    /// <summary>Objects: a class, a box and a mask of each.</summary>
    InstanceSegmentation,

    /// <summary>Objects: a class, a box and keypoints of each.</summary>
    Keypoints,
}
