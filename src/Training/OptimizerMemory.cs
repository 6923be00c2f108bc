using System.Text.Json;
using TorchSharp.Modules;
using Vision.Weights;
using static TorchSharp.torch;

namespace Vision.Training;

/// <summary>
/// The state of an optimizer, for a checkpoint: the momenta as tensors under their parameter's state-dict name, such as
/// <c>trainer.optimizer.backbone.conv1.weight.momentum_buffer</c>, and the step counts and the options of parameter groups as text.
/// </summary>
internal sealed class OptimizerMemory
{
    private const string Prefix = ModuleWeights.TrainingPrefix + "optimizer.";
    private const string GroupsKey = Prefix + "groups";
    private const string StepsKey = Prefix + "steps";
    private const string Momentum = "momentum_buffer", Mean = "exp_avg", MeanSquare = "exp_avg_sq";

    // TorchSharp's options are public fields.
    private static readonly JsonSerializerOptions withFields = new() { IncludeFields = true };

    private readonly List<OptimizerOptions> groups;
    private readonly (string Name, Parameter Parameter, OptimizerState State)[] entries;

    /// <summary>Prepares access to the state of an optimizer.</summary>
    /// <param name="optimizer">The optimizer: SGD or AdamW.</param>
    /// <param name="model">The network some or all of whose parameters it updates.</param>
    public OptimizerMemory(OptimizerHelper optimizer, nn.Module model)
    {
        var names = model.named_parameters().ToDictionary(entry => entry.parameter.Handle, entry => entry.name);
        var state = optimizer.state_dict();
        groups = state.Options;
        entries = [.. optimizer.parameters().Zip(state.State, (parameter, memory) => (names[parameter.Handle], parameter, memory))];
    }

    /// <summary>The momenta by name: the optimizer's own tensors, each in the shape of its parameter. With SGD, parameters that were never
    /// updated have none.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> Tensors
    {
        get
        {
            foreach (var (name, _, state) in entries)
            {
                switch (state)
                {
                    case SGD.State { momentum_buffer: null }:
                        break;
                    case SGD.State sgd:
                        yield return new(Key(name, Momentum), sgd.momentum_buffer);
                        break;
                    case AdamW.State adam:
                        yield return new(Key(name, Mean), adam.exp_avg);
                        yield return new(Key(name, MeanSquare), adam.exp_avg_sq);
                        break;
                    default:
                        throw Unknown(state);
                }
            }
        }
    }

    /// <summary>The options of the parameter groups and AdamW's step counts, as JSON by key.</summary>
    public IReadOnlyDictionary<string, string> Metadata => new Dictionary<string, string>
    {
        [GroupsKey] = JsonSerializer.Serialize(
            groups.Select(group => JsonSerializer.SerializeToElement(group, group.GetType(), withFields))),
        [StepsKey] = JsonSerializer.Serialize(Steps.ToDictionary()),
    };

    private IEnumerable<KeyValuePair<string, long>> Steps =>
        from entry in entries
        where entry.State is AdamW.State
        select KeyValuePair.Create(entry.Name, ((AdamW.State)entry.State).step);

    /// <summary>Restores the state of another optimizer over the same parameters.
    /// Momenta get the memory layout of their parameters.</summary>
    /// <param name="tensors">A checkpoint's tensors, by name; weights are ignored.</param>
    /// <param name="metadata">Its metadata.</param>
    /// <param name="path">The file, for messages.</param>
    /// <exception cref="InputException">The state belongs to other parameters, or has an older format.</exception>
    public void Restore(IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string> metadata, string path)
    {
        if (!metadata.TryGetValue(GroupsKey, out string? options) || !metadata.TryGetValue(StepsKey, out string? counts))
            throw new InputException(
                $"{path} cannot be resumed: an older version of Vision wrote its training state. A new run can start from its weights.");
        var steps = JsonSerializer.Deserialize<Dictionary<string, long>>(counts)!;
        JsonElement[] saved = JsonSerializer.Deserialize<JsonElement[]>(options)!;
        HashSet<string> left = [.. tensors.Keys.Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))];
        using var noGrad = no_grad();
        foreach (var (name, parameter, state) in entries)
        {
            switch (state)
            {
                case SGD.State sgd:
                    sgd.momentum_buffer?.Dispose();
                    sgd.momentum_buffer = left.Remove(Key(name, Momentum)) ? Like(parameter, tensors[Key(name, Momentum)]) : null;
                    break;
                case AdamW.State adam when left.Remove(Key(name, Mean)) && left.Remove(Key(name, MeanSquare))
                    && steps.TryGetValue(name, out long step):
                    adam.exp_avg.copy_(tensors[Key(name, Mean)]);
                    adam.exp_avg_sq.copy_(tensors[Key(name, MeanSquare)]);
                    adam.step = step;
                    break;
                case AdamW.State:
                    throw OtherParameters(name);
                default:
                    throw Unknown(state);
            }
        }
        if (left.Count > 0) throw OtherParameters(left.First()[Prefix.Length..]);
        foreach (var (group, values) in groups.Zip(saved))
            group.LoadStateDict((OptimizerOptions)values.Deserialize(group.GetType(), withFields)!);

        InputException OtherParameters(string name) =>
            new($"{path} cannot be resumed: its run trained other parameters than this one ({name}). Freeze the same layers as when it " +
                "was started, or start a new run.");
    }

    private static string Key(string parameter, string what) => $"{Prefix}{parameter}.{what}";

    /// <summary>A copy that belongs to the optimizer, whatever dispose scope is open.</summary>
    private static Tensor Like(Parameter parameter, Tensor values) => empty_like(parameter).DetachFromDisposeScope().copy_(values);

    private static ArgumentException Unknown(OptimizerState state) =>
        new($"A checkpoint cannot hold the state of {state.GetType().DeclaringType?.Name}.");
}
