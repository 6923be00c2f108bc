using System.Text.RegularExpressions;
using Vision.Data;
using Vision.Ops;
using static TorchSharp.torch;

namespace Vision.Training;

/// <summary>Repeats the step of a failure capsule: once with every layer watched, and if NaN appears, again with libtorch's anomaly
/// detection, which names the operation.</summary>
internal sealed partial class StepReplay
{
    private readonly FailureCapsule capsule;
    private readonly Device device;

    /// <summary>Prepares it.</summary>
    public StepReplay(FailureCapsule capsule, Device device) => (this.capsule, this.device) = (capsule, device);

    /// <summary>Repeats the step.</summary>
    public ReplayResult Run()
    {
        using ReplayedModel model = new(capsule, device);
        ReplayResult result = Watched(model);
        if (result is not { Failed: true, IsException: false }) return result;
        string? operation = Anomaly(model);
        return operation is null || result is { Pass: ReplayPass.Forward, Layer: not null } ? result : result with
        {
            Operation = operation, Text = $"{result.Text} The operation is {operation}.",
        };
    }

    private ReplayResult Watched(ReplayedModel model)
    {
        using LayerWatch watch = new(model.Model, gradients: true);
        ReplayPass pass = ReplayPass.Forward;
        try
        {
            for (int batch = 0; batch < capsule.Content.Batches.Count; batch++)
            {
                using var scope = NewDisposeScope();
                pass = ReplayPass.Forward;
                Losses losses = model.Losses(batch);
                string[] broken = [.. losses.Where(loss => !LayerWatch.IsFinite(loss.Value))
                    .Select(loss => $"{loss.Name} is {loss.Value.to(float32).item<float>()}")];
                if (broken.Length > 0)
                {
                    string? weight = model.Model.named_parameters().FirstOrDefault(entry => !LayerWatch.IsFinite(entry.parameter)).name;
                    string where = weight is not null ? $"the weight {weight} was not finite before the step"
                        : watch.FirstOutput is { } layer ? $"it began in {layer}"
                        : "all layers have finite outputs, so it began in the loss itself";
                    return Failure(pass, weight is null ? watch.FirstOutput : null, $"{string.Join(", ", broken)}: {where}.");
                }
                pass = ReplayPass.Backward;
                (losses.Total() * capsule.Content.Batches[batch].Weight).backward();
                if (Broken(model) is { } parameter)
                    return Failure(pass, watch.FirstGradient, watch.FirstGradient is { } place
                        ? $"a gradient is not finite: it began in {place}, and reached {parameter}."
                        : $"the gradient of {parameter} is not finite, and those of all layers' inputs are.");
            }
        }
        catch (Exception e) when (e is not InputException)
        {
            string place = watch.Running is { } layer ? $"in {layer}" : pass == ReplayPass.Forward ? "outside of all layers" : "";
            return Failure(pass, watch.Running, $"{e.GetType().Name} {place}: {e.Message.Split('\n')[0]}") with { IsException = true };
        }
        return new()
        {
            Failed = false, Differences = Differences(),
            Text = $"The step does not fail here. It failed with: {capsule.Error}",
        };
    }

    /// <summary>The operation whose gradient is first NaN; null if there is none.</summary>
    private string? Anomaly(ReplayedModel model)
    {
        model.Restore();
        using var anomaly = new TorchSharp.AnomalyMode(true, true);
        try
        {
            for (int batch = 0; batch < capsule.Content.Batches.Count; batch++)
            {
                using var scope = NewDisposeScope();
                (model.Losses(batch).Total() * capsule.Content.Batches[batch].Weight).backward();
            }
        }
        catch (Exception e) when (Function().Match(e.Message) is { Success: true } match)
        {
            return match.Groups["name"].Value;
        }
        return null;
    }

    private static string? Broken(ReplayedModel model) =>
        model.Model.named_parameters().LastOrDefault(entry => entry.parameter.grad is { } gradient && !LayerWatch.IsFinite(gradient)).name;

    private ReplayResult Failure(ReplayPass pass, string? layer, string what)
    {
        Match parts = Place().Match(layer ?? "");
        return new()
        {
            Failed = true, Pass = pass, Differences = Differences(),
            Layer = parts.Success ? parts.Groups["path"].Value : null, Operation = parts.Success ? parts.Groups["type"].Value : null,
            Text = $"The step fails again in the {pass.ToString().ToLowerInvariant()} pass: {what}",
        };
    }

    private List<string> Differences()
    {
        var now = CapsuleMachine.Of(device);
        return [.. capsule.Content.Machine.Where(entry => now.TryGetValue(entry.Key, out string? value) && value != entry.Value)
            .Select(entry => $"{entry.Key} was {entry.Value} and is now {now[entry.Key]}")];
    }

    [GeneratedRegex(@"Function '(?<name>\w+?)(Backward\d*)?' returned nan values")]
    private static partial Regex Function();

    [GeneratedRegex(@"(?<path>[\w.]+) \((?<type>\w+)\)")]
    private static partial Regex Place();
}
