using Vision.Data;

namespace Vision.Training;

/// <summary>One split of the data set of a run, as a <see cref="RunFile"/> remembers it.</summary>
/// <param name="Name">Its name, such as <c>bccd/train</c>.</param>
/// <param name="Images">The number of its images.</param>
/// <param name="Fingerprint">What <see cref="DataFingerprint"/> says of it.</param>
public sealed record RunData(string Name, int Images, string Fingerprint)
{
    /// <summary>Describes a data set.</summary>
    public static RunData Of(IDataset dataset) => new(dataset.Name, dataset.Count, DataFingerprint.Of(dataset));
}
