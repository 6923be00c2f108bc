using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using TorchSharp.Modules;
using Vision.Weights;
using static TorchSharp.torch;

namespace Vision.Training;

/// <summary>
/// Checkpoints: safetensors files with the weights under their state-dict names and, in the metadata, what is needed to use them. The
/// checkpoint to resume from also holds the optimizer's state, under names that are ignored when weights are loaded.
/// </summary>
internal sealed class Checkpoint
{
    private const string StateKey = ModuleWeights.TrainingPrefix + "state";
    private const string RecipeKey = ModuleWeights.TrainingPrefix + "recipe";
    private const string VersionKey = "vision_version";

    private static readonly string version = typeof(Checkpoint).Assembly.GetName().Version!.ToString(3);

    // These do not change the result of a run.
    private static readonly string[] freeOptions =
        [nameof(TrainerOptions.Folder), nameof(TrainerOptions.Resume), nameof(TrainerOptions.LogEverySteps),
            nameof(TrainerOptions.CheckpointInterval), nameof(TrainerOptions.SaveTop)];

    private static readonly JsonSerializerOptions withNames = new() { Converters = { new JsonStringEnumConverter() } };

    private readonly nn.Module model;
    private readonly IReadOnlyDictionary<string, string> description;
    private readonly OptimizerMemory memory;
    private readonly WeightAverage? average;
    private readonly Dictionary<string, string> recipe;

    /// <summary>Sets what is saved and restored.</summary>
    /// <param name="model">The model with the weights.</param>
    /// <param name="description">What is needed to use the weights.</param>
    /// <param name="optimizer">The optimizer with its momenta.</param>
    /// <param name="average">The averaged weights; null for none.</param>
    /// <param name="options">The options of the run; a run with other options cannot resume from its checkpoint.</param>
    /// <param name="settings">The task's options, which must not change either.</param>
    /// <param name="stepsPerEpoch">Used to check that the batches are still the same.</param>
    public Checkpoint(nn.Module model, IReadOnlyDictionary<string, string> description, OptimizerHelper optimizer, WeightAverage? average,
        TrainerOptions options, IReadOnlyDictionary<string, string> settings, int stepsPerEpoch)
    {
        this.model = model;
        this.description = description;
        memory = new(optimizer, model);
        this.average = average;
        recipe = JsonSerializer.SerializeToElement(options, withNames).EnumerateObject()
            .Where(option => !freeOptions.Contains(option.Name)).ToDictionary(option => option.Name, option => option.Value.GetRawText());
        foreach (var (name, value) in settings) recipe[name] = value;
        recipe["StepsPerEpoch"] = stepsPerEpoch.ToString();
    }

    /// <summary>Writes the weights for use.</summary>
    /// <param name="path">The file.</param>
    /// <param name="epoch">Their epoch, starting at 1.</param>
    /// <param name="validation">Their metrics.</param>
    public void WriteWeights(string path, int epoch, ValidationResult validation) =>
        WeightFile.WriteSafetensors(path, model.state_dict(), new Dictionary<string, string>(description)
    {
        [VersionKey] = version,
        ["epoch"] = epoch.ToString(),
        ["metrics"] = JsonSerializer.Serialize(validation.Metrics.ToDictionary()),
    });

    /// <summary>Writes everything needed to resume the run.</summary>
    /// <exception cref="InputException">A weight is not finite. The file is unchanged.</exception>
    public void WriteRun(string path, TrainerState state)
    {
        RequireFinite();
        Dictionary<string, Tensor> tensors = new(model.state_dict().Concat(memory.Tensors).Concat(average?.Tensors ?? []));
        WeightFile.WriteSafetensors(path, tensors, new Dictionary<string, string>(description.Concat(memory.Metadata))
        {
            [VersionKey] = version,
            ["epoch"] = state.Epoch.ToString(),
            [StateKey] = JsonSerializer.Serialize(state),
            [RecipeKey] = JsonSerializer.Serialize(recipe),
        });
    }

    /// <summary>Whether the run of a checkpoint reached its end.</summary>
    /// <exception cref="InputException">It has no training state.</exception>
    public static bool IsFinished(string path)
    {
        var metadata = WeightFile.ReadMetadata(path);
        if (!metadata.TryGetValue(StateKey, out string? text) || !metadata.TryGetValue(RecipeKey, out string? started))
            throw new InputException($"{path} has no training state: it is not the checkpoint of a run.");
        TrainerState state = JsonSerializer.Deserialize<TrainerState>(text)!;
        string epochs = JsonSerializer.Deserialize<Dictionary<string, string>>(started)![nameof(TrainerOptions.Epochs)];
        return state.BatchInEpoch == 0
            && (state.EndedBecause is not null || state.Epoch >= int.Parse(epochs, CultureInfo.InvariantCulture));
    }

    /// <summary>Restores model and optimizer to their state when <see cref="WriteRun"/> was called.</summary>
    /// <exception cref="InputException">The run was started with other options, classes or sizes.</exception>
    /// <exception cref="WeightsException">The file is damaged or belongs to another model.</exception>
    public TrainerState ReadRun(string path)
    {
        var metadata = WeightFile.ReadMetadata(path);
        if (!metadata.TryGetValue(StateKey, out string? state) || !metadata.TryGetValue(RecipeKey, out string? started))
            throw new InputException($"{path} has no training state: it cannot be resumed, but a new run can start from its weights.");
        RequireSame(path, metadata, description);
        RequireSame(path, JsonSerializer.Deserialize<Dictionary<string, string>>(started)!, recipe);

        using var scope = NewDisposeScope();
        Dictionary<string, Tensor> tensors = WeightFile.Read(path);
        model.LoadWeights(tensors, path);
        memory.Restore(tensors, metadata, path);
        average?.Restore(tensors);
        return JsonSerializer.Deserialize<TrainerState>(state)!;
    }

    /// <summary>The number of images in the batches of a run, from its checkpoint; null if it does not say.</summary>
    public static int? BatchSizeOf(string path) =>
        WeightFile.ReadMetadata(path).TryGetValue(RecipeKey, out string? started)
        && JsonSerializer.Deserialize<Dictionary<string, string>>(started)!.TryGetValue(nameof(TrainingOptions.BatchSize), out string? size)
        && int.TryParse(size, out int images) ? images : null;

    /// <summary>Checks that training has not diverged, so that a good checkpoint is not replaced by unusable weights.</summary>
    /// <exception cref="InputException">A weight is not finite.</exception>
    public void RequireFinite()
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (name, weight) in model.state_dict())
            if (weight.is_floating_point() && !weight.isfinite().all().item<bool>())
                throw new InputException(
                    $"Training diverged: the weight {name} is no longer finite. Lower the learning rate, or clip the gradients.");
    }

    private static void RequireSame(string path, IReadOnlyDictionary<string, string> before, IReadOnlyDictionary<string, string> now)
    {
        string[] differences = [.. now.Where(entry => before.GetValueOrDefault(entry.Key) != entry.Value)
            .SelectMany(entry => OptionDifference.Between(entry.Key, before.GetValueOrDefault(entry.Key), entry.Value))];
        if (differences.Length > 0)
            throw new InputException(
                $"{path} cannot be resumed: {string.Join(", ", differences)}. Use the run's original options, or start a new run.");
    }
}
