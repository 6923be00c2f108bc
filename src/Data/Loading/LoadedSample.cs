using static TorchSharp.torch;

namespace Vision.Data;

/// <summary>A loaded image with its ground truth.</summary>
/// <param name="Index">Its index in the data set.</param>
/// <param name="Pixels">RGB, float32 in [0, 1], [3, H, W]; owned by whoever takes the sample.</param>
/// <param name="Targets">The ground truth after the transforms.</param>
internal sealed record LoadedSample(int Index, Tensor Pixels, Targets Targets);
