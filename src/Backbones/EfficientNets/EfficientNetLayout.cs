namespace Vision.Backbones;

/// <summary>The parameters of an EfficientNet (Tan &amp; Le 2019, arXiv:1905.11946; 2021, arXiv:2104.00298, table 4).</summary>
internal sealed record EfficientNetLayout
{
    /// <summary>The stages of blocks.</summary>
    public required IReadOnlyList<EfficientNetStage> Stages { get; init; }

    /// <summary>Channels of the last convolution.</summary>
    public required int LastChannels { get; init; }

    /// <summary>Dropout before the classifier.</summary>
    public required double Dropout { get; init; }

    /// <summary>The ε of batch normalization that the published weights were trained with.</summary>
    public double NormEpsilon { get; init; } = 1e-5;

    /// <summary>Momentum of batch normalization.</summary>
    public double NormMomentum { get; init; } = 0.1;

    /// <summary>B0.</summary>
    public static EfficientNetLayout B0 { get; } = Scaled(1.0, 1.0, 0.2);

    /// <summary>B1.</summary>
    public static EfficientNetLayout B1 { get; } = Scaled(1.0, 1.1, 0.2);

    /// <summary>B2.</summary>
    public static EfficientNetLayout B2 { get; } = Scaled(1.1, 1.2, 0.3);

    /// <summary>B3.</summary>
    public static EfficientNetLayout B3 { get; } = Scaled(1.2, 1.4, 0.3);

    /// <summary>B4.</summary>
    public static EfficientNetLayout B4 { get; } = Scaled(1.4, 1.8, 0.4);

    // B5 to B7 were trained with TensorFlow's batch normalization constants.

    /// <summary>B5.</summary>
    public static EfficientNetLayout B5 { get; } = Scaled(1.6, 2.2, 0.4) with { NormEpsilon = 1e-3, NormMomentum = 0.01 };

    /// <summary>B6.</summary>
    public static EfficientNetLayout B6 { get; } = Scaled(1.8, 2.6, 0.5) with { NormEpsilon = 1e-3, NormMomentum = 0.01 };

    /// <summary>B7.</summary>
    public static EfficientNetLayout B7 { get; } = Scaled(2.0, 3.1, 0.5) with { NormEpsilon = 1e-3, NormMomentum = 0.01 };

    /// <summary>V2 small.</summary>
    public static EfficientNetLayout V2Small { get; } = new()
    {
        Stages =
        [
            new(true, 1, 3, 1, 24, 24, 2), new(true, 4, 3, 2, 24, 48, 4), new(true, 4, 3, 2, 48, 64, 4),
            new(false, 4, 3, 2, 64, 128, 6), new(false, 6, 3, 1, 128, 160, 9), new(false, 6, 3, 2, 160, 256, 15),
        ],
        LastChannels = 1280, Dropout = 0.2, NormEpsilon = 1e-3,
    };

    /// <summary>V2 medium.</summary>
    public static EfficientNetLayout V2Medium { get; } = new()
    {
        Stages =
        [
            new(true, 1, 3, 1, 24, 24, 3), new(true, 4, 3, 2, 24, 48, 5), new(true, 4, 3, 2, 48, 80, 5),
            new(false, 4, 3, 2, 80, 160, 7), new(false, 6, 3, 1, 160, 176, 14), new(false, 6, 3, 2, 176, 304, 18),
            new(false, 6, 3, 1, 304, 512, 5),
        ],
        LastChannels = 1280, Dropout = 0.3, NormEpsilon = 1e-3,
    };

    /// <summary>V2 large.</summary>
    public static EfficientNetLayout V2Large { get; } = new()
    {
        Stages =
        [
            new(true, 1, 3, 1, 32, 32, 4), new(true, 4, 3, 2, 32, 64, 7), new(true, 4, 3, 2, 64, 96, 7),
            new(false, 4, 3, 2, 96, 192, 10), new(false, 6, 3, 1, 192, 224, 19), new(false, 6, 3, 2, 224, 384, 25),
            new(false, 6, 3, 1, 384, 640, 7),
        ],
        LastChannels = 1280, Dropout = 0.4, NormEpsilon = 1e-3,
    };

    // Table 1 (B0), made wider and deeper.
    private static EfficientNetLayout Scaled(double width, double depth, double dropout)
    {
        EfficientNetStage[] stages =
        [
            Stage(1, 3, 1, 32, 16, 1), Stage(6, 3, 2, 16, 24, 2), Stage(6, 5, 2, 24, 40, 2), Stage(6, 3, 2, 40, 80, 3),
            Stage(6, 5, 1, 80, 112, 3), Stage(6, 5, 2, 112, 192, 4), Stage(6, 3, 1, 192, 320, 1),
        ];
        return new() { Stages = stages, LastChannels = 4 * stages[^1].OutChannels, Dropout = dropout };

        EfficientNetStage Stage(int expansion, int kernel, int stride, int inChannels, int outChannels, int blocks) =>
            new(false, expansion, kernel, stride, Widths.Divisible(inChannels * width), Widths.Divisible(outChannels * width),
                (int)Math.Ceiling(blocks * depth));
    }
}
