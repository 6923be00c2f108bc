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
        string parameter = model.named_parameters().Last(entry =>
            entry.parameter.grad is { } gradient && !LayerWatch.IsFinite(gradient)).name;
        return Stopped(step, $"the losses are finite, but the gradient of {parameter} is not");
    }

    private InputException Stopped(FailedStep step, string what) => new(
        $"Training stopped at step {step.Step} (epoch {step.Epoch}): {what}. Images of the batch: {string.Join(", ", step.Files)}. "
        + "Check their annotations, lower the learning rate, or clip the gradients."
        + (File.Exists(files.Last) ? $" {files.Last} still holds the run as it was before." : ""));

    // Only parameters: the failed step itself has spoiled the running means of batch norms.
    private string? BrokenWeight() => model.named_parameters().FirstOrDefault(entry => !LayerWatch.IsFinite(entry.parameter)).name;

    private string? FirstLayer(Action again)
    {
        using LayerWatch watch = new(model, gradients: false);
        using var noGrad = no_grad();
        again();
        return watch.FirstOutput;
    }
}
