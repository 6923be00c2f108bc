using static TorchSharp.torch;

namespace Vision.Backbones;

/// <summary>
/// Grad-CAM (Selvaraju et al. 2016, arXiv:1610.02391): where in an image a classifier sees what it says. The channels of a stage are added
/// up, each weighted by how much the class's score grows with it on average, and what speaks against the class is left out.
/// </summary>
public static class GradCam
{
    /// <summary>The map of one image.</summary>
    /// <param name="network">A classifier, best in evaluation mode. Its parameters and their gradients stay as they are.</param>
    /// <param name="image">Normalized as the network was trained, [1, C, H, W].</param>
    /// <param name="label">The class to explain, from 0; null for the surest one.</param>
    /// <param name="stage">Index into <see cref="Backbone.Stages"/>; the last, −1, knows most of
    /// classes, and the earlier ones see more sharply.</param>
    /// <returns>float32 [h, w], in [0, 1], at the resolution of the stage; all 0 where nothing speaks for the class.</returns>
    /// <exception cref="ArgumentException">There is not one image, or no such class or stage.</exception>
    public static Tensor Of(Backbone network, Tensor image, int? label = null, int stage = -1)
    {
        if (image.dim() != 4 || image.shape[0] != 1)
            throw new ArgumentException($"The image is [{string.Join(", ", image.shape)}]; expected [1, {network.InputChannels}, H, W].",
                nameof(image));
        int wanted = stage < 0 ? stage + network.Stages.Count : stage;
        if (wanted < 0 || wanted >= network.Stages.Count)
            throw new ArgumentException($"Stage {stage} is asked for; there are {network.Stages.Count}.", nameof(stage));

        using var scope = NewDisposeScope();
        using var gradients = enable_grad();
        Tensor? activation = null;
        network.StageWatcher = (index, output) =>
        {
            // The network frees its own handles as it goes.
            if (index == wanted) activation = output.alias().MoveToOtherDisposeScope(scope);
        };
        Tensor logits;
        try
        {
            // Frozen networks have no gradients of their own, so the image asks for one.
            logits = network.call(image.detach().clone().requires_grad_());                     // [1, classes]
        }
        finally
        {
            network.StageWatcher = null;
        }
        if (label is < 0 || label >= logits.shape[1])
            throw new ArgumentException($"Class {label} is asked for; the network has {logits.shape[1]}, from 0.", nameof(label));
        if (activation is null) throw new InvalidOperationException($"A {network.GetName()} did not run its stages.");

        Tensor score = logits[0, label ?? logits[0].argmax().item<long>()];
        Tensor gradient = autograd.grad([score], [activation])[0];                              // [1, channels, h, w]
        Tensor weights = gradient.mean([2, 3], true);
        Tensor map = (weights * activation.detach()).sum(1).squeeze(0).relu();                  // [h, w]
        return (map / map.max().clamp_min(1e-12)).MoveToOuterDisposeScope();
    }
}
