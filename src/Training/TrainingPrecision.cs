namespace Vision.Training;

/// <summary>The type that matrix products and convolutions compute in during training. Weights, losses, boxes, checkpoints and evaluation
/// are in float32 in any case.</summary>
public enum TrainingPrecision
{
    /// <summary>32 bits.</summary>
    Float32,

    /// <summary>16 bits with the range of float32: faster, and with less memory, on GPUs since NVIDIA's Ampere and CPUs with AMX or
    /// AVX-512 BF16. Other CPUs emulate it slowly.</summary>
    BFloat16,

    /// <summary>16 bits with more digits but less range, for older GPUs: losses are scaled, and steps whose gradients overflow are
    /// skipped (Micikevicius et al. 2017, arXiv:1710.03740).</summary>
    Float16,
}
