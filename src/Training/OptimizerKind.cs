namespace Vision.Training;

/// <summary>The kinds of optimizers.</summary>
public enum OptimizerKind
{
    /// <summary>Stochastic gradient descent with momentum: used for the R-CNN family.</summary>
    Sgd,

    /// <summary>Adam with decoupled weight decay (Loshchilov and Hutter 2017, arXiv:1711.05101): needed for transformers.</summary>
    AdamW,
}
