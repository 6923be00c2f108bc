using static TorchSharp.torch;
using static TorchSharp.torch.optim;

namespace TorchSharp.Modules;

/// <summary>What the optimizers share: groups, per-parameter state, and saving both.</summary>
public abstract class OptimizerHelper : Optimizer
{
    private static readonly Op zero = new("aten::_foreach_zero_");

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
                using var scope = NewDisposeScope();
                Parameter[] parameters = [.. group.Parameters];
                Tensor?[] all = [.. parameters.Select(parameter => parameter.grad)];
                int[] trained = [.. Enumerable.Range(0, all.Length).Where(i => all[i] is not null)];
                if (trained.Length > 0)
                    Step(group, [.. trained.Select(i => all[i]!)], [.. trained.Select(i => states[parameters[i]])]);
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
