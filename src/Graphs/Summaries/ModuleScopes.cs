namespace Vision.Graphs;

/// <summary>
/// Finds the module of each step. A graph knows the names of parameters only, so those without parameters (an activation, a sum, pooling)
/// are given to the module that their neighbors suggest.
/// </summary>
internal sealed class ModuleScopes
{
    private readonly Dictionary<GraphValue, SummaryNode> producers = [];
    private readonly Dictionary<GraphValue, List<SummaryNode>> consumers = [];
    private readonly Dictionary<SummaryNode, string?> following = [];
    private readonly Dictionary<SummaryNode, int> indices = [];
    private readonly HashSet<string> withParts = [];                       // modules with parameters in modules of their own

    /// <summary>Sets the scopes of all steps.</summary>
    public ModuleScopes(IReadOnlyList<SummaryNode> steps)
    {
        foreach (SummaryNode step in steps)
        {
            indices[step] = indices.Count;
            foreach (GraphValue output in step.Node.Outputs) producers[output] = step;
            foreach (GraphValue operand in step.Operands.Distinct())
            {
                if (!consumers.TryGetValue(operand, out List<SummaryNode>? users)) consumers[operand] = users = [];
                users.Add(step);
            }
            if (step.Parameters.Count > 0) step.Scope = step.Parameters.Select(ModulePath.Parent).Aggregate(ModulePath.Common);
            withParts.UnionWith(step.Parameters.SelectMany(name => ModulePath.Upward(ModulePath.Parent(ModulePath.Parent(name)))));
        }
        foreach (SummaryNode step in steps.Reverse()) following[step] = ScopeAfter(step);
        foreach (SummaryNode step in steps.Where(step => step.Parameters.Count == 0)) step.Scope = Find(step);
    }

    /// <summary>The step that computes a value; null for the network's input.</summary>
    public SummaryNode? ProducerOf(GraphValue value) => producers.GetValueOrDefault(value);

    /// <summary>The steps that use a value.</summary>
    public IReadOnlyList<SummaryNode> ConsumersOf(GraphValue value) => consumers.TryGetValue(value, out var users) ? users : [];

    /// <summary>The innermost module of the parameters that come next after a step; null if none come.</summary>
    public string? Following(SummaryNode step) => following[step];

    /// <summary>Whether a step adds or appends to something the input of the module that it belongs to: a shortcut.</summary>
    public bool IsShortcut(SummaryNode step) => step.Scope.Length > 0 && step.IsMerge && step.Parameters.Count == 0
        && step.Operands.Any(operand => !IsMadeIn(operand, step.Scope) && IsUsedIn(operand, step.Scope, except: step));

    private string? ScopeAfter(SummaryNode step)
    {
        SummaryNode[] users = [.. step.Node.Outputs.SelectMany(ConsumersOf)];
        SummaryNode[] layers = [.. users.Where(user => user.Parameters.Count > 0)];
        string[] scopes = layers.Length > 0 ? [.. layers.Select(layer => layer.Scope)]
            : [.. users.Select(user => following[user]).OfType<string>()];
        return scopes.Length > 0 ? scopes.Aggregate(ModulePath.Common) : null;
    }

    private string Find(SummaryNode step)
    {
        string before = "";                                                // the module of the latest operand
        SummaryNode[] sources = [.. step.Operands.Select(ProducerOf).OfType<SummaryNode>()];
        if (sources.Length > 0)
        {
            before = sources.MaxBy(source => indices[source])!.Scope;
            if (!withParts.Contains(before)) before = ModulePath.Parent(before);
        }
        if (step.IsMerge)
            return ModulePath.Upward(before).First(scope => step.Operands.All(operand =>
                IsMadeIn(operand, scope) || IsUsedIn(operand, scope, except: step) || scope.Length == 0));
        if (!step.KeepsElements) return ModulePath.Common(before, Following(step) ?? "");
        // Another arrangement may be for the sake of the layers that come next.
        SummaryNode[] users = OperatorCost.IsView(step.Node) ? [.. UsersBehindViews(step)] : [];
        return users.Length > 0 && users.All(user => user.Parameters.Count > 0)
            ? users.Select(user => user.Scope).Aggregate(before, ModulePath.Common) : before;
    }

    private IEnumerable<SummaryNode> UsersBehindViews(SummaryNode step) => step.Node.Outputs.SelectMany(ConsumersOf).SelectMany(user =>
        OperatorCost.IsView(user.Node) ? UsersBehindViews(user) : [user]);

    private bool IsMadeIn(GraphValue value, string scope) => ProducerOf(value) is { } step && ModulePath.IsWithin(step.Scope, scope);

    private bool IsUsedIn(GraphValue value, string scope, SummaryNode except) =>
        ConsumersOf(value).Any(user => user != except && user.Parameters.Count > 0 && ModulePath.IsWithin(user.Scope, scope));
}
