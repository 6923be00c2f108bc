using System.Text.Json;
using TorchSharp.Modules;
using Vision.Backbones.Weights;
using Vision.Data;
using static TorchSharp.torch;

namespace Vision.Training;

/// <summary>
/// Checkpoints: safetensors with the weights under their state-dict names and, in the metadata, what is needed to use them. The one to resume
/// from holds the optimizer's state too, as bytes under a name that the loading of weights leaves out.
/// </summary>
internal static class Checkpoint
{
    /// <summary>The metadata keys that describe the training and not the model begin so.</summary>
    private const string Prefix = ModuleWeights.TrainingPrefix;
    private const string OptimizerKey = Prefix + "optimizer";
    private const string StateKey = Prefix + "state";
    private const string OptionsKey = Prefix + "options";

    /// <summary>Writes the weights for use.</summary>
    public static void WriteWeights(string path, nn.Module model, IReadOnlyDictionary<string, string> description, EpochReport epoch)
    {
        Dictionary<string, string> metadata = new(description)
        {
            ["epoch"] = epoch.Epoch.ToString(),
            ["metrics"] = JsonSerializer.Serialize(epoch.Validation.Metrics.ToDictionary()),
        };
        WeightFile.WriteSafetensors(path, FiniteWeights(model, path), metadata);
    }

    /// <summary>Writes all that a run needs to go on.</summary>
    /// <exception cref="InputException">A weight is not finite. The file stays as it was.</exception>
    public static void WriteRun(string path, nn.Module model, IReadOnlyDictionary<string, string> description,
        OptimizerHelper optimizer, TrainerOptions options, TrainerState state)
    {
        using var scope = NewDisposeScope();
        Dictionary<string, Tensor> tensors = new(FiniteWeights(model, path)) { [OptimizerKey] = tensor(BytesOf(optimizer)) };
        Dictionary<string, string> metadata = new(description)
        {
            ["epoch"] = state.Epoch.ToString(),
            [StateKey] = JsonSerializer.Serialize(state),
            [OptionsKey] = JsonSerializer.Serialize(options),
        };
        WeightFile.WriteSafetensors(path, tensors, metadata);
    }

    /// <summary>Puts a run back to where <see cref="WriteRun"/> was called.</summary>
    /// <exception cref="InputException">The run was started with other options, classes or sizes.</exception>
    /// <exception cref="WeightsException">The file is damaged, or is of another model.</exception>
    public static TrainerState ReadRun(string path, nn.Module model, IReadOnlyDictionary<string, string> description,
        OptimizerHelper optimizer, TrainerOptions options)
    {
        var metadata = WeightFile.ReadMetadata(path);
        if (!metadata.TryGetValue(StateKey, out string? state) || !metadata.TryGetValue(OptionsKey, out string? started))
            throw new InputException($"{path} has no training state: it cannot be resumed, but a new run can start from its weights.");
        RequireSame(path, JsonFields(started), JsonFields(JsonSerializer.Serialize(options)));
        RequireSame(path, metadata, description);

        byte[] optimizerState;
        using (var scope = NewDisposeScope())
        {
            Dictionary<string, Tensor> tensors = WeightFile.Read(path);
            model.LoadWeights(tensors, path);
            optimizerState = tensors[OptimizerKey].data<byte>().ToArray();
        }
        // Outside the scope: the momenta that are made here stay with the optimizer.
        using MemoryStream stream = new(optimizerState);
        using BinaryReader reader = new(stream);
        optimizer.load_state_dict(reader);
        return JsonSerializer.Deserialize<TrainerState>(state)!;
    }

    private static byte[] BytesOf(OptimizerHelper optimizer)
    {
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream);
        optimizer.save_state_dict(writer);
        writer.Flush();
        return stream.ToArray();
    }

    private static Dictionary<string, Tensor> FiniteWeights(nn.Module model, string path)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        Dictionary<string, Tensor> weights = model.state_dict();
        foreach (var (name, weight) in weights)
            if (weight.is_floating_point() && !weight.isfinite().all().item<bool>())
                throw new InputException($"The weight {name} is not finite: training diverged. Lower the learning rate or clip the gradients; {path} was left as it was.");
        return weights;
    }

    private static void RequireSame(string path, IReadOnlyDictionary<string, string> before, IReadOnlyDictionary<string, string> now)
    {
        foreach (var (name, value) in now)
            if (before.GetValueOrDefault(name) is var old && old != value)
                throw new InputException($"{path} cannot be resumed: {name} was {old ?? "not given"} and is now {value}. Give what the run was started with, or start another one.");
    }

    private static Dictionary<string, string> JsonFields(string json) =>
        JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(json)!.ToDictionary(field => field.Key, field => field.Value.GetRawText());
}
