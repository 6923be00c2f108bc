using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>The results of the first stage that training passes to the second.</summary>
/// <param name="Images">The preprocessed images.</param>
/// <param name="Truth">The objects of each image.</param>
/// <param name="Levels">P2..P6: [N, 256, ⌈H/s⌉, ⌈W/s⌉], s = 4..64.</param>
/// <param name="Samples">The sampled regions of the second stage.</param>
/// <param name="ObjectnessLoss">The first stage's objectness loss.</param>
/// <param name="BoxLoss">The first stage's box loss.</param>
internal sealed record FirstStage(ImageBatch Images, GroundTruth[] Truth, Tensor[] Levels, RoiSamples Samples, Tensor ObjectnessLoss,
    Tensor BoxLoss);
