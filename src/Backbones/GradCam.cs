using static TorchSharp.torch;

namespace Vision.Backbones;

/// <summary>
/// Grad-CAM (Selvaraju et al. 2016, arXiv:1610.02391): the image regions that support a classifier's prediction. The channels of a stage
/// are summed, each weighted by the mean gradient of the class's score, and negative values are set to 0.
/// </summary>
public static class GradCam
{
    /// <summary>The map of one image.</summary>
    /// <param name="network">A classifier, preferably in evaluation mode. Its parameters and their gradients are not changed.</param>
    /// <param name="image">An image, normalized as in training, [1, C, H, W].</param>
    /// <param name="label">The class to explain, from 0; null for the predicted one.</param>
    /// <param name="stage">Index into <see cref="Backbone.Stages"/>; the last, −1, is the most
    /// class-specific, and earlier ones have a finer resolution.</param>
    /// <returns>float32 [h, w], in [0, 1], at the resolution of the stage; all 0 if nothing supports the class.</returns>
    /// <exception cref="ArgumentException">There is not exactly one image, or the class or stage does not exist.</exception>
    public static Tensor Of(Backbone network, Tensor image, int? label = null, int stage = -1)
    {
        if (image.dim() != 4 || image.shape[0] != 1)
            throw new ArgumentException($"The image is [{string.Join(", ", image.shape)}]; expected [1, {network.InputChannels}, H, W].",
                nameof(image));
        int wanted = stage < 0 ? stage + network.Stages.Count : stage;
        if (wanted < 0 || wanted >= network.Stages.Count)
            throw new ArgumentException($"The stage is {stage}; expected an index below {network.Stages.Count}.", nameof(stage));

        using var scope = NewDisposeScope();
        using var gradients = enable_grad();
        Tensor? activation = null;
        network.StageWatcher = (index, output) =>
        {
            // An alias, since the network disposes of its own handles as it runs.
            if (index == wanted) activation = output.alias().MoveToOtherDisposeScope(scope);
        };
        Tensor logits;
        try
        {
            // The image requires a gradient because a frozen network's parameters do not.
            logits = network.call(image.detach().clone().requires_grad_());                     // [1, classes]
        }
        finally
        {
            network.StageWatcher = null;
        }
        if (label is < 0 || label >= logits.shape[1])
            throw new ArgumentException($"The class is {label}; expected 0 to {logits.shape[1] - 1}.", nameof(label));
        if (activation is null) throw new InvalidOperationException($"A {network.GetName()} did not run its stages.");

        Tensor score = logits[0, label ?? logits[0].argmax().item<long>()];
        Tensor gradient = autograd.grad([score], [activation])[0];                              // [1, channels, h, w]
        Tensor weights = gradient.mean([2, 3], true);
        Tensor map = (weights * activation.detach()).sum(1).squeeze(0).relu();                  // [h, w]
        return (map / map.max().clamp_min(1e-12)).MoveToOuterDisposeScope();
    }
}
