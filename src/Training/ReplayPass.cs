namespace Vision.Training;

/// <summary>The passes of a training step.</summary>
public enum ReplayPass
{
    /// <summary>From the images to the losses.</summary>
    Forward,

    /// <summary>From the losses to the gradients.</summary>
    Backward,
}
