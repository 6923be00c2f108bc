using static TorchSharp.torch;

namespace Vision.Training;

/// <summary>Watches the layers of a model for NaN and infinity while it is run, for a step that has failed; slow. Layers of other
/// signatures than one tensor to one tensor, such as whole detectors, consist of such layers.</summary>
internal sealed class LayerWatch : IDisposable
{
    private readonly List<Action> removals = [];
    private readonly Stack<string> running = [];
    private readonly bool gradients;

    /// <summary>Begins to watch.</summary>
    /// <param name="model">The model.</param>
    /// <param name="gradients">Whether gradients are watched, too: layers then compute on copies of their inputs.</param>
    public LayerWatch(nn.Module model, bool gradients)
    {
        this.gradients = gradients;
        foreach (var (name, module) in model.named_modules())
        {
            if (module is not nn.Module<Tensor, Tensor> layer) continue;
            string shown = $"{name} ({module.GetName()})";
            removals.Add(layer.register_forward_pre_hook((_, input) =>
            {
                running.Push(shown);
                return Gradient(input, shown, isInput: true);
            }).remove);
            removals.Add(layer.register_forward_hook((_, input, output) =>
            {
                if (running.Count > 0) running.Pop();
                if (FirstOutput is null && !IsFinite(output))
                    FirstOutput = $"{shown}{(IsFinite(input) ? "" : ", or between it and the layer before")}";
                return Gradient(output, shown, isInput: false);
            }).remove);
        }
    }

    /// <summary>The first layer whose output was not finite; null if all were.</summary>
    public string? FirstOutput { get; private set; }

    /// <summary>The layer in whose backward pass a gradient first was not finite, or after which; null if all were finite.</summary>
    public string? FirstGradient { get; private set; }

    /// <summary>The layer that was being computed when an exception was thrown; null if none was.</summary>
    public string? Running => running.Count > 0 ? running.Peek() : null;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Action remove in removals) remove();
    }

    /// <summary>Whether a tensor has neither NaN nor infinity.</summary>
    public static bool IsFinite(Tensor values)
    {
        using var scope = NewDisposeScope();
        return !values.is_floating_point() || values.isfinite().all().item<bool>();
    }

    private Tensor Gradient(Tensor x, string layer, bool isInput) => gradients && is_grad_enabled() && x.requires_grad
        ? Watched.apply(x, this, isInput ? layer : $"between {layer} and what follows it") : x;

    /// <summary>The identity, whose backward pass looks at the gradient. The passes go from the losses to the image, so that the first
    /// gradient that is not finite tells where it began.</summary>
    private sealed class Watched : autograd.SingleTensorFunction<Watched>
    {
        private const string WatchKey = "watch", LayerKey = "layer";

        public override string Name => nameof(LayerWatch);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            ctx.save_data(WatchKey, vars[1]);
            ctx.save_data(LayerKey, vars[2]);
            return ((Tensor)vars[0]).clone();
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
        {
            var watch = (LayerWatch)ctx.get_data(WatchKey);
            if (watch.FirstGradient is null && !IsFinite(grad_output)) watch.FirstGradient = (string)ctx.get_data(LayerKey);
            return [grad_output.alias(), null!, null!];
        }
    }
}
