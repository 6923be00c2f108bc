namespace Vision.Training;

/// <summary>The default recipe for a kind of model.</summary>
public sealed record TrainingDefaults
{
    /// <summary>Detectors: torchvision's recipe, with a learning rate for small batches, and gradients clipped at a norm that is usual for
    /// detectors.</summary>
    public static TrainingDefaults Detector { get; } = new() { BatchSize = 4, LearningRate = 0.01, ClipGradientNorm = 35 };

    /// <summary>Detectors with a transformer, for which SGD fails: AdamW with a small learning rate and clipped gradients (Carion et al.
    /// 2020, arXiv:2005.12872).</summary>
    public static TrainingDefaults Transformer { get; } =
        new() { BatchSize = 4, LearningRate = 1e-4, Optimizer = OptimizerKind.AdamW, ClipGradientNorm = 0.1 };

    /// <summary>Segmenters: the polynomial schedule of DeepLab (Chen et al. 2016, arXiv:1606.00915).</summary>
    public static TrainingDefaults Segmenter { get; } = new() { BatchSize = 8, LearningRate = 0.02, Schedule = ScheduleKind.Poly };

    /// <summary>Classifiers.</summary>
    public static TrainingDefaults Classifier { get; } = new() { BatchSize = 32, LearningRate = 0.02 };

    /// <summary>Images in a batch.</summary>
    public required int BatchSize { get; init; }

    /// <summary>The learning rate after warmup.</summary>
    public required double LearningRate { get; init; }

    /// <summary>The optimizer.</summary>
    public OptimizerKind Optimizer { get; init; } = OptimizerKind.Sgd;

    /// <summary>How the learning rate decays after warmup.</summary>
    public ScheduleKind Schedule { get; init; } = ScheduleKind.MultiStep;

    /// <summary>The maximum norm of the gradients; null for no clipping.</summary>
    public double? ClipGradientNorm { get; init; }
}
