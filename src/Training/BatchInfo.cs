namespace Vision.Training;

/// <summary>What the trainer must know of a batch.</summary>
/// <param name="Index">Its place in the epoch, from 0. A loader may leave places out, where no image could be read.</param>
/// <param name="Files">The files of its images; messages name them.</param>
public sealed record BatchInfo(int Index, IReadOnlyList<string> Files);
