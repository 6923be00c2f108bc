using TorchSharp;
using Vision.Ops;
using Vision.Ops.Convolution;
using static TorchSharp.torch;

namespace Vision.Graphs;

/// <summary>
/// A network for prediction on the CPU: traced once, its batch norms folded, its convolutions fused with sums and activations and computed
/// by oneDNN with packed weights or by Winograd's algorithm, channels-last throughout. Its outputs equal the network's up to float32
/// rounding, for images of any size.
/// </summary>
/// <remarks>With the first one, the process begins to keep the memory that tensors leave for those that follow (on Linux with glibc).</remarks>
/// <example><code>
/// using var compiled = CompiledNetwork.Of(network, rand(1, 3, 224, 224));
/// using Tensor logits = compiled.Call(images);
/// </code></example>
public sealed class CompiledNetwork : IDisposable
{
    private const string List = "prim::ListConstruct";

    private readonly Lock calling = new();                 // the memory between calls is one, and so are the cores
    private readonly List<Tensor> owned = [];
    private readonly WinogradMemory memory = new();
    private readonly List<PlannedConvolution> convolutions = [];
    private readonly List<Step> steps = [];
    private readonly Dictionary<GraphValue, int> slots = [];
    private readonly int inputs;
    private readonly int[] outputs;

    private CompiledNetwork(TracedGraph graph)
    {
        HostMemory.Keep();
        try
        {
            Simplify(graph);
        }
        catch
        {
            Dispose();
            throw;
        }
        foreach (GraphValue input in graph.Inputs) slots[input] = slots.Count;
        foreach (GraphNode node in graph.Nodes) slots[node.Outputs[0]] = slots.Count;
        inputs = graph.Inputs.Count;
        outputs = [.. graph.Outputs.Select(output => slots[output])];
        HashSet<GraphValue> needed = [.. graph.Outputs, .. graph.Inputs];
        foreach (GraphNode node in graph.Nodes.Reverse())
        {
            GraphValue[] last = [.. Read(node).Distinct().Where(operand => !operand.IsConstant && needed.Add(operand))];
            steps.Insert(0, new(node, slots, last, node.Operator == ConvolutionPasses.Operator ? Planned(node) : null));
        }
        HostMemory.Trim();
    }

    /// <summary>The values that must be there when a node runs: for a list, its items, which must live as long as it is used.</summary>
    private static IEnumerable<GraphValue> Read(GraphNode node) => node.Operator == List ? []
        : node.Operands.SelectMany(operand => operand.Producer is { Operator: List } list ? [operand, .. list.Operands]
            : (IEnumerable<GraphValue>)[operand]);

    /// <summary>Compiles a network.</summary>
    /// <param name="network">The network, on the CPU, in evaluation mode. It must outlive the compiled one, which packs its weights when
    /// they are needed: they must not change meanwhile.</param>
    /// <param name="example">Images of the usual size, [N, C, H, W].</param>
    /// <exception cref="PlatformNotSupportedException">This system lacks libtorch's tracer: it is on Linux on x86-64.</exception>
    /// <exception cref="NotSupportedException">The network is on a GPU, or does something that
    /// cannot be compiled; the message says what.</exception>
    public static CompiledNetwork Of(nn.Module<Tensor, Tensor> network, Tensor example)
    {
        RequireEvaluationOnCpu(network);
        using var scope = NewDisposeScope();
        return new(TracedGraph.Of(network, MemoryFormat.ChannelsLast(example)));
    }

    /// <summary>Compiles what a network computes, as a whole or in part.</summary>
    /// <inheritdoc cref="TracedGraph.Of(nn.Module, Func{Tensor[], Tensor[]}, Tensor[], Tensor[])"/>
    public static CompiledNetwork Of(nn.Module network, Func<Tensor[], Tensor[]> compute, Tensor[] example, Tensor[] other)
    {
        RequireEvaluationOnCpu(network);
        return new(TracedGraph.Of(network, compute, example, other));
    }

    private static void RequireEvaluationOnCpu(nn.Module network)
    {
        if (network.training) throw new ArgumentException("A network is compiled in evaluation mode: call eval() first.", nameof(network));
        if (network.parameters().Any(parameter => parameter.device_type != DeviceType.CPU))
            throw new NotSupportedException("The network is on a GPU, and networks are compiled for the CPU only.");
    }

    private void Simplify(TracedGraph graph)
    {
        GraphPasses.RemoveIdentities(graph);
        GraphPasses.FoldConstants(graph, owned);
        GraphPasses.MergeEqual(graph);
        ConvolutionPasses.Rewrite(graph);
        ConvolutionPasses.FuseBatchNorms(graph);
        ConvolutionPasses.TakeSizesBeforeConvolutions(graph);
        ConvolutionPasses.FuseSums(graph);
        ConvolutionPasses.FuseResizing(graph);
        ConvolutionPasses.FuseActivations(graph);
        string[] unknown = [.. graph.Nodes.Select(node => node.Operator).Distinct()
            .Where(op => op != ConvolutionPasses.Operator && !Interpreter.Knows(op))];
        if (unknown.Length > 0) throw new NotSupportedException($"What it uses cannot be compiled: {string.Join(", ", unknown)}.");
    }

    private PlannedConvolution Planned(GraphNode node)
    {
        PlannedConvolution? convolution = convolutions.Find(other => other.TryTake(node));
        if (convolution is null) convolutions.Add(convolution = new(node, memory));
        return convolution;
    }

    /// <summary>Computes the network's output.</summary>
    /// <param name="images">float32 [N, C, H, W], in any memory format.</param>
    public Tensor Call(Tensor images) => Call([images])[0];

    /// <summary>Computes the network's outputs.</summary>
    /// <param name="given">The inputs, float32, in any memory format.</param>
    public Tensor[] Call(Tensor[] given)
    {
        if (given.Length != inputs) throw new ArgumentException($"There are {given.Length} inputs; expected {inputs}.", nameof(given));
        using var noGradient = inference_mode();
        using var scope = NewDisposeScope();
        lock (calling)
        {
            object?[] values = new object?[slots.Count];
            for (int i = 0; i < given.Length; i++) values[i] = given[i].dim() == 4 ? MemoryFormat.ChannelsLast(given[i]) : given[i];
            foreach (Step step in steps) step.Run(values);
            return [.. outputs.Select(slot => ((Tensor)values[slot]!).MoveToOuterDisposeScope())];
        }
    }

    /// <summary>Frees the packed weights.</summary>
    public void Dispose()
    {
        foreach (PlannedConvolution convolution in convolutions) convolution.Dispose();
        foreach (Tensor tensor in owned) tensor.Dispose();
        memory.Dispose();
    }

    /// <summary>A node that is ready to run.</summary>
    private sealed class Step
    {
        private readonly Func<object?[], object?> compute;
        private readonly (int Slot, object? Constant)[] operands;
        private readonly int result;
        private readonly int[] last;

        public Step(GraphNode node, Dictionary<GraphValue, int> slots, IEnumerable<GraphValue> last, PlannedConvolution? convolution)
        {
            operands = [.. node.Operands.Select(operand => operand.IsConstant ? (-1, operand.Constant) : (slots[operand], null))];
            result = slots[node.Outputs[0]];
            this.last = [.. last.Select(value => slots[value])];
            compute = convolution is null ? Interpreter.Of(node.Operator)
                : given => convolution.Call((Tensor)given[0]!, (Tensor?)given[3]);
        }

        public void Run(object?[] values)
        {
            object?[] given = new object?[operands.Length];
            for (int i = 0; i < given.Length; i++) given[i] = operands[i].Slot < 0 ? operands[i].Constant : values[operands[i].Slot];
            values[result] = compute(given);
            foreach (int slot in last)
            {
                (values[slot] as Tensor)?.Dispose();
                values[slot] = null;
            }
        }
    }
}
