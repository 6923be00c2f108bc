namespace Vision.Data;

/// <summary>The folder that a data set was read from, and how, so that it can be read again.</summary>
/// <param name="Folder">The folder.</param>
/// <param name="Format">The format that was asked for.</param>
/// <param name="TrainSplit">The split to train on; null for the usual one.</param>
/// <param name="ValidationSplit">The split to validate on; null for the usual one.</param>
public sealed record DataSource(
    string Folder, DatasetFormat Format = DatasetFormat.Auto, string? TrainSplit = null, string? ValidationSplit = null);
