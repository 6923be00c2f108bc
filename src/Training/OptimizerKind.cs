namespace Vision.Training;

/// <summary>How gradients become steps.</summary>
public enum OptimizerKind
{
    /// <summary>Stochastic gradient descent with momentum: what the R-CNN family is trained with.</summary>
    Sgd,

    /// <summary>Adam with decoupled weight decay (Loshchilov and Hutter 2017, arXiv:1711.05101): what transformers need.</summary>
    AdamW,
}
