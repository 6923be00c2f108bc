namespace Vision.Training;

/// <summary>Sums that may run at the same time: each lane has an order of its own.</summary>
internal enum Lane
{
    /// <summary>The losses and decisions of steps, and evaluations.</summary>
    Steps,

    /// <summary>Statistics of batch norms, within forward and backward passes.</summary>
    Norms,

    /// <summary>Gradients, while the backward pass goes on.</summary>
    Gradients,
}
