using static TorchSharp.torch;

namespace Vision.Graphs;

/// <summary>
/// Divides a network into blocks. A module is a block if its class has shortcuts around its layers (in any of its instances), or if it has
/// a single layer with weights; modules that contain blocks are containers. Layers directly in a container are blocks, too, together with
/// the norms and activations after them.
/// </summary>
internal sealed class NetworkBlocks
{
    private readonly ModuleScopes scopes;
    private readonly IReadOnlyDictionary<string, nn.Module> modules;
    private readonly HashSet<Type> types = [];                             // classes of blocks
    private readonly HashSet<string> blocks = [];                          // blocks of no such class
    private readonly Dictionary<string, int> layers = [];                  // layers with weights in each module
    private readonly Dictionary<string, NetworkBlock> current = [];
    private readonly Dictionary<SummaryNode, NetworkBlock> blockOf = [];

    private NetworkBlocks(ModuleScopes scopes, IReadOnlyList<SummaryNode> steps, IReadOnlyDictionary<string, nn.Module> modules)
    {
        this.scopes = scopes;
        this.modules = modules;
        foreach (string scope in steps.Where(IsLayer).Select(step => step.Scope).Distinct())
            foreach (string module in ModulePath.Upward(scope)) layers[module] = layers.GetValueOrDefault(module) + 1;
        foreach (SummaryNode step in steps.Where(scopes.IsShortcut))
        {
            string module = step.Scope;
            if (IsSequence(module) && ModulePath.Parent(module) is { Length: > 0 } parent && !IsSequence(parent)) module = parent;
            if (IsSequence(module)) blocks.Add(module);
            else types.Add(modules[module].GetType());
        }
    }

    /// <summary>The blocks in the order of their first steps.</summary>
    /// <param name="steps">The steps, with their scopes.</param>
    /// <param name="scopes">What found these.</param>
    /// <param name="modules">The network's modules by name.</param>
    public static List<NetworkBlock> Of(IReadOnlyList<SummaryNode> steps, ModuleScopes scopes,
        IReadOnlyDictionary<string, nn.Module> modules)
    {
        NetworkBlocks found = new(scopes, steps, modules);
        foreach (SummaryNode step in steps) found.Add(step);
        // Another arrangement for the sake of what comes next belongs to that.
        foreach (SummaryNode step in steps.Reverse().Where(step => !found.blockOf.ContainsKey(step)))
            found.blockOf[step] = found.UserOf(step) ?? found.MakerOf(step.Operands[0]);
        foreach (SummaryNode step in steps) found.blockOf[step].Steps.Add(step);
        List<NetworkBlock> result = [.. steps.Select(step => found.blockOf[step]).Distinct()];
        foreach (NetworkBlock block in result) found.Connect(block);
        return result;
    }

    private static bool IsLayer(SummaryNode step) => step.MultiplyAdds > 0 && step.Parameters.Count > 0;

    /// <summary>Whether a permutation follows a layer for which the channels were permuted.</summary>
    private bool UndoesPermutation(SummaryNode step, NetworkBlock before)
    {
        SummaryNode[] inside = [.. blockOf.Where(entry => entry.Value == before).Select(entry => entry.Key)];
        return IsPermutation(step) && inside.Count(IsLayer) < 2 && inside.Count(IsPermutation) % 2 == 1;
    }

    private static bool IsPermutation(SummaryNode step) => step.Node.Operator == "aten::permute";

    private bool IsSequence(string module) => modules[module].GetType().Name is var name
        && (name.StartsWith("Sequential", StringComparison.Ordinal) || name.StartsWith("ModuleList", StringComparison.Ordinal));

    private bool IsBlock(string module) => module.Length > 0 && (blocks.Contains(module) || types.Contains(modules[module].GetType())
        || (layers.GetValueOrDefault(module) == 1 && modules[module].children().Any()));

    private void Add(SummaryNode step)
    {
        SummaryNode? source = step.Operands.Select(scopes.ProducerOf).OfType<SummaryNode>().LastOrDefault();
        NetworkBlock? before = source is not null ? blockOf.GetValueOrDefault(source) : null;
        if (ModulePath.Upward(step.Scope).LastOrDefault(IsBlock) is { } module)
            blockOf[step] = InModule(module, step);
        else if (before is not null && UndoesPermutation(step, before))
            blockOf[step] = before;
        else if (before is { IsModule: false } && step.KeepsElements && !IsLayer(step) &&
            (step.Parameters.Count == 0 || before.Path == step.Scope || before.Container == ModulePath.Parent(step.Scope)))
            blockOf[step] = before;
        else if (step.Parameters.Count > 0)
            blockOf[step] = new(step.Scope, ModulePath.Parent(step.Scope), null);
        else if (!OperatorCost.IsView(step.Node) || source is null)
            blockOf[step] = new(ContainerOf(step), ContainerOf(step), null);
    }

    /// <summary>The block of a module. A module that is called again, on another level of a pyramid, is another block.</summary>
    private NetworkBlock InModule(string module, SummaryNode step)
    {
        if (!current.TryGetValue(module, out NetworkBlock? block) || (step.Parameters.Count > 0
            && blockOf.Any(entry => entry.Value == block && entry.Key.Parameters.Intersect(step.Parameters).Any())))
            current[module] = block = new(module, ModulePath.Parent(module), modules[module].GetType().Name);
        return block;
    }

    /// <summary>What joins several tensors, or begins a branch outside of the module that it comes from, stands with
    /// the layers that use the result.</summary>
    private string ContainerOf(SummaryNode step)
    {
        bool isOfNext = step.IsMerge || step.Operands.Any(operand =>
            scopes.ConsumersOf(operand).Count > 1 && scopes.ProducerOf(operand)?.Scope != step.Scope);
        string container = isOfNext && scopes.Following(step) is { } next && ModulePath.IsWithin(next, step.Scope) ? next : step.Scope;
        while (ModulePath.Upward(container).Any(IsBlock) || (container.Length > 0 && !modules[container].children().Any()))
            container = ModulePath.Parent(container);
        return container;
    }

    /// <summary>The only block that uses a step's result; null if there are several, or none.</summary>
    private NetworkBlock? UserOf(SummaryNode step)
    {
        NetworkBlock[] users = [.. step.Node.Outputs.SelectMany(scopes.ConsumersOf).Select(user => blockOf[user]).Distinct()];
        return users is [var only] ? only : null;
    }

    /// <summary>The block that a value comes from.</summary>
    private NetworkBlock MakerOf(GraphValue value)
    {
        SummaryNode producer = scopes.ProducerOf(value)!;
        return blockOf.TryGetValue(producer, out NetworkBlock? block) ? block : MakerOf(producer.Operands[0]);
    }

    private void Connect(NetworkBlock block)
    {
        foreach (SummaryNode step in block.Steps)
        {
            foreach (GraphValue operand in step.Operands)
            {
                NetworkBlock? source = scopes.ProducerOf(operand) is { } producer ? blockOf[producer] : null;
                if (source != block && !block.Sources.Contains(source)) block.Sources.Add(source);
            }
            if (!block.IsModule || !step.IsMerge || step.Parameters.Count > 0 || step.Scope.Length == 0 || MultipliesInside(step)) continue;
            Dictionary<GraphValue, SummaryNode[]> branches = step.Operands.Distinct().ToDictionary(
                operand => operand, operand => LayersBefore(operand, block).ToArray());
            SummaryNode[] shortest = branches.Values.MinBy(branch => branch.Length)!;
            if (shortest.Length == 0 && branches.Keys.Any(operand => IsOutside(operand, block)))
                block.Shortcut = step.Node.Operator == "aten::cat" ? Shortcut.Concatenation : Shortcut.Identity;
            else if (shortest is [var projection] && block.Shortcut == Shortcut.None && step.Node.Operator.StartsWith("aten::add")
                && branches.Count == 2 && branches.Values.Any(branch => branch.Length > 1))
                (block.Shortcut, block.Projection) = (Shortcut.Projection, projection);
        }
    }

    private static bool MultipliesInside(SummaryNode step) => step.Node.Operator is not ("aten::add" or "aten::add_" or "aten::cat");

    private bool IsOutside(GraphValue value, NetworkBlock block) =>
        scopes.ProducerOf(value) is not { } producer || blockOf[producer] != block;

    /// <summary>The layers of a block that a value comes from.</summary>
    private IEnumerable<SummaryNode> LayersBefore(GraphValue value, NetworkBlock block)
    {
        HashSet<SummaryNode> seen = [];
        Stack<GraphValue> open = new([value]);
        while (open.TryPop(out GraphValue? next))
        {
            if (IsOutside(next, block) || scopes.ProducerOf(next) is not { } producer || !seen.Add(producer)) continue;
            foreach (GraphValue operand in producer.Operands) open.Push(operand);
        }
        return seen.Where(IsLayer);
    }
}
