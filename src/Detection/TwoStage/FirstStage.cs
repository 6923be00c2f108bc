using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>What the first stage of a detector hands to the second in training.</summary>
/// <param name="Images">The images as the network sees them.</param>
/// <param name="Truth">The objects of each image.</param>
/// <param name="Levels">P2..P6: [N, 256, ⌈H/s⌉, ⌈W/s⌉], s = 4..64.</param>
/// <param name="Samples">The regions to train on.</param>
/// <param name="ObjectnessLoss">The first stage's own: whether there is an object at each anchor.</param>
/// <param name="BoxLoss">Likewise: where it is.</param>
internal sealed record FirstStage(ImageBatch Images, GroundTruth[] Truth, Tensor[] Levels, RoiSamples Samples, Tensor ObjectnessLoss,
    Tensor BoxLoss);
