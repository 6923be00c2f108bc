using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>The output of a region proposal network for a batch.</summary>
/// <param name="Anchors">The A anchors, the same for every image.</param>
/// <param name="Objectness">Logits, [N, A].</param>
/// <param name="Deltas">[N, A, 4], relative to the anchors.</param>
public sealed record RpnOutput(Anchors Anchors, Tensor Objectness, Tensor Deltas);
