namespace Vision.Weights;

/// <summary>What is wrong with the file that is being read, without its name: <see cref="WeightFile"/> adds
/// that and makes it a <see cref="WeightsException"/>.</summary>
internal sealed class MalformedException(string message) : Exception(message);
