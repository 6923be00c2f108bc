using static TorchSharp.torch;

namespace Vision.Training;

/// <summary>Finds out where NaN or infinity began, once a step has failed; until then it costs nothing.</summary>
/// <param name="model">The model.</param>
/// <param name="files">The files of the run, for messages.</param>
internal sealed class NonFinite(nn.Module model, RunFolder files)
{
    /// <summary>A loss is not finite: the batch is run again, and the first layer whose output is not finite is named.</summary>
    /// <param name="losses">The losses.</param>
    /// <param name="step">The step that failed.</param>
    /// <param name="again">Computes the losses again.</param>
    public InputException OfLosses(IReadOnlyList<KeyValuePair<string, double>> losses, FailedStep step, Action again)
    {
        string[] broken = [.. losses.Where(loss => !double.IsFinite(loss.Value)).Select(loss => $"{loss.Key} is {loss.Value}")];
        string origin = BrokenWeight() is { } weight ? $"It began in the weight {weight}"
            : FirstLayer(again) is { } layer ? $"It began in {layer}"
            : "All layers have finite outputs, so it began in the loss itself";
        return Stopped(step, $"{string.Join(", ", broken)}. {origin}");
    }

    /// <summary>A gradient is not finite: the layer nearest to the loss that has one is named.</summary>
    public InputException OfGradients(FailedStep step)
    {
        string parameter = model.named_parameters().Last(entry => entry.parameter.grad is { } gradient && !IsFinite(gradient)).name;
        return Stopped(step, $"the losses are finite, but the gradient of {parameter} is not");
    }

    private InputException Stopped(FailedStep step, string what) => new(
        $"Training stopped at step {step.Step} (epoch {step.Epoch}): {what}. Images of the batch: {string.Join(", ", step.Files)}. "
        + "Check their annotations, lower the learning rate, or clip the gradients."
        + (File.Exists(files.Last) ? $" {files.Last} still holds the run as it was before." : ""));

    // Only parameters: the failed step itself has spoiled the running means of batch norms.
    private string? BrokenWeight() => model.named_parameters().FirstOrDefault(entry => !IsFinite(entry.parameter)).name;

    private string? FirstLayer(Action again)
    {
        string? first = null;
        List<Action> removals = [];
        try
        {
            // Those of other signatures, such as whole detectors, consist of such layers.
            foreach (var (name, module) in model.named_modules())
                if (module is nn.Module<Tensor, Tensor> layer)
                    removals.Add(layer.register_forward_hook((_, input, output) =>
                    {
                        if (first is null && !IsFinite(output))
                            first = $"{name} ({module.GetName()}){(IsFinite(input) ? "" : ", or between it and the layer before")}";
                        return output;
                    }).remove);
            using var noGrad = no_grad();
            again();
        }
        finally
        {
            foreach (Action remove in removals) remove();
        }
        return first;
    }

    private static bool IsFinite(Tensor values)
    {
        using var scope = NewDisposeScope();
        return !values.is_floating_point() || values.isfinite().all().item<bool>();
    }
}
