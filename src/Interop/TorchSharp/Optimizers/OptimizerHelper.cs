using static TorchSharp.torch;
using static TorchSharp.torch.optim;

namespace TorchSharp.Modules;

/// <summary>What the optimizers share: groups, per-parameter state, and saving both.</summary>
public abstract class OptimizerHelper : Optimizer
{
    private static readonly Op zero = new("aten::_foreach_zero_");

    // 1 MiB of float32, of which a step reads three or four tensors alike.
    private const long CacheElements = 1 << 18;

    private readonly List<ParamGroup> groups = [];
    private readonly OrderedDictionary<Parameter, OptimizerState> states = new(ReferenceEqualityComparer.Instance);

    private protected OptimizerHelper() { }

    public override IEnumerable<ILearningRateController> ParamGroups => groups;

    public override IEnumerable<Parameter> parameters() => groups.SelectMany(group => group.Parameters);

    public override void add_param_group(ParamGroup param_group)
    {
        CompleteOptions(param_group);
        param_group.InitialLearningRate = param_group.LearningRate;
        // Kept as an array: the caller's may be a query that walks the whole module.
        param_group.Parameters = param_group.Parameters.ToArray();
        foreach (Parameter parameter in param_group.Parameters)
            if (!states.TryAdd(parameter, NewState(parameter, param_group)))
                throw new ArgumentException("A parameter is in the optimizer already; it can be in one group only.", nameof(param_group));
        groups.Add(param_group);
    }

    public override void zero_grad()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        Tensor[] gradients = [.. parameters().Select(parameter => parameter.grad).OfType<Tensor>()];
        if (gradients.Length > 0)
            zero.Run(gradients);
    }

    public override Tensor? step(Func<Tensor>? closure = null)
    {
        Tensor? loss = null;
        if (closure is not null)
        {
            using var _ = enable_grad();
            loss = closure();
        }
        using (no_grad())
        {
            foreach (ParamGroup group in groups)
            {
                foreach (Parameter[] batch in Batches(group.Parameters))
                {
                    using var scope = NewDisposeScope();
                    (Tensor Gradient, OptimizerState State)[] trained =
                        [.. from parameter in batch let gradient = parameter.grad where gradient is not null select (gradient, states[parameter])];
                    if (trained.Length > 0)
                        Step(group, [.. trained.Select(t => t.Gradient)], [.. trained.Select(t => t.State)]);
                }
            }
        }
        return loss;
    }

    /// <summary>Moves what is remembered of the parameters to a device, to follow a model that was moved.</summary>
    public void to(Device device)
    {
        foreach (OptimizerState state in states.Values)
            state.MoveTo(device);
    }

    public void save_state_dict(string location)
    {
        using var writer = new BinaryWriter(File.Create(location));
        save_state_dict(writer);
    }

    public void save_state_dict(BinaryWriter writer)
    {
        writer.Write(GetType().Name);
        writer.Write7BitEncodedInt64(groups.Count);
        writer.Write7BitEncodedInt64(states.Count);
        foreach (ParamGroup group in groups)
            group.Options.SaveStateDict(writer);
        foreach (OptimizerState state in states.Values)
            state.Save(writer);
    }

    public void load_state_dict(string location)
    {
        using var reader = new BinaryReader(File.OpenRead(location));
        load_state_dict(reader);
    }

    public void load_state_dict(BinaryReader reader)
    {
        string saved = reader.ReadString();
        if (saved != GetType().Name)
            throw new InvalidDataException($"The saved optimizer is {saved}, not {GetType().Name}.");
        long groupCount = reader.Read7BitEncodedInt64(), stateCount = reader.Read7BitEncodedInt64();
        if (groupCount != groups.Count || stateCount != states.Count)
            throw new InvalidDataException(
                $"The saved optimizer has {groupCount} groups of together {stateCount} parameters, this one {groups.Count} of {states.Count}.");
        foreach (ParamGroup group in groups)
            group.Options.LoadStateDict(reader);
        foreach (OptimizerState state in states.Values)
            state.Load(reader);
    }

    /// <summary>
    /// Parameters to change by the same calls: on a GPU all, on the CPU as many as fit its cache together, since one step
    /// passes over them several times.
    /// </summary>
    private static IEnumerable<Parameter[]> Batches(IEnumerable<Parameter> parameters)
    {
        List<Parameter> batch = [];
        long elements = 0;
        foreach (Parameter parameter in parameters)
        {
            elements += parameter.is_cpu() ? parameter.numel() : 0;
            if (elements > CacheElements && batch.Count > 0)
            {
                yield return [.. batch];
                batch.Clear();
                elements = parameter.numel();
            }
            batch.Add(parameter);
        }
        yield return [.. batch];
    }

    /// <summary>Gives a group its options where it has none, and what is null in them its default.</summary>
    private protected abstract void CompleteOptions(ParamGroup group);

    private protected abstract OptimizerState NewState(Parameter parameter, ParamGroup group);

    /// <summary>Changes the parameters of a group that have gradients.</summary>
    private protected abstract void Step(ParamGroup group, Tensor[] gradients, OptimizerState[] states);

    protected override void Dispose(bool disposing)
    {
        if (!disposing)
            return;
        foreach (OptimizerState state in states.Values)
            state.Dispose();
        states.Clear();
    }
}
