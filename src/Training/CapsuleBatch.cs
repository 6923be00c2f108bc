namespace Vision.Training;

/// <summary>A batch of a failed step, as a capsule stores it; its tensors are in a file of their own.</summary>
/// <param name="Index">Its index in the epoch.</param>
/// <param name="Seed">The seed of the random draws in the network.</param>
/// <param name="Weight">The factor on its losses before the backward pass.</param>
/// <param name="Files">The files of its images.</param>
internal sealed record CapsuleBatch(int Index, long Seed, double Weight, IReadOnlyList<string> Files)
{
    /// <summary>The objects of each image; null unless they are a detector's.</summary>
    public CapsuleObject[][]? Objects { get; init; }
}
