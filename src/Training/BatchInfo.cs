namespace Vision.Training;

/// <summary>What the trainer needs to know about a batch.</summary>
/// <param name="Index">Its index in the epoch, starting at 0. A loader may skip an index if none of its images could be read.</param>
/// <param name="Files">The files of its images, for messages.</param>
public sealed record BatchInfo(int Index, IReadOnlyList<string> Files);
