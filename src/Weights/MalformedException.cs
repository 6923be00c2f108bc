namespace Vision.Weights;

/// <summary>Describes a defect of the file that is being read, without its name: <see cref="WeightFile"/> adds
/// the name and throws a <see cref="WeightsException"/>.</summary>
internal sealed class MalformedException(string message) : Exception(message);
