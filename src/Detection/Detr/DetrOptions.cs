namespace Vision.Detection;

/// <summary>What can be chosen about a <see cref="Detr"/>. The defaults are the paper's, as published weights have them.</summary>
public sealed record DetrOptions
{
    /// <summary>Object queries: no more objects than this can be found in an image. The paper has 100; COCO's images have 7 objects on average.</summary>
    public int Queries { get; init; } = 100;

    /// <summary>Channels of the transformer. A multiple of <see cref="Heads"/> and of 4, for the position encoding.</summary>
    public int Width { get; init; } = 256;

    /// <summary>Attention heads.</summary>
    public int Heads { get; init; } = 8;

    /// <summary>Layers of the encoder.</summary>
    public int EncoderLayers { get; init; } = 6;

    /// <summary>Layers of the decoder. Each is trained with losses of its own.</summary>
    public int DecoderLayers { get; init; } = 6;

    /// <summary>Hidden units of the layers' feed-forward networks.</summary>
    public int FeedForward { get; init; } = 2048;

    /// <summary>The rate of dropout in training.</summary>
    public double Dropout { get; init; } = 0.1;

    /// <summary>The weight of the L1 distance of boxes, in matching and in the loss; the class has 1.</summary>
    public double BoxWeight { get; init; } = 5;

    /// <summary>The weight of the generalised IoU, in matching and in the loss.</summary>
    public double GiouWeight { get; init; } = 2;

    /// <summary>The weight of queries without an object in the classification loss: below 1, since they are the great majority.</summary>
    public double NoObjectWeight { get; init; } = 0.1;
}
