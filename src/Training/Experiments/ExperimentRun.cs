namespace Vision.Training;

/// <summary>One run of an experiment: a value for each option that varies.</summary>
/// <param name="Name">What tells it from the others, such as <c>backbone=resnet18,seed=1</c>; its folder is called so.</param>
/// <param name="Choices">The value of each option, in the order of the axes.</param>
public sealed record ExperimentRun(string Name, IReadOnlyList<KeyValuePair<string, string>> Choices);
