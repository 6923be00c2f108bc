using static TorchSharp.torch;

namespace Vision.Graphs;

/// <summary>What a network computes from tensors alone, as a whole or in part: run as it is written, or compiled once it is asked to.
/// What lies between the parts, such as the selection of boxes, stays as it is.</summary>
public sealed class NetworkPart : IDisposable
{
    /// <summary>In the place of a dimension's size: it may vary.</summary>
    public const long Any = -1;

    private readonly Func<Tensor[], Tensor[]> compute;
    private readonly long[][] shapes;
    private CompiledNetwork? compiled;

    /// <summary>A part that is not compiled yet.</summary>
    /// <param name="compute">Computes the outputs.</param>
    /// <param name="shapes">The shape of each input, with <see cref="Any"/> for what may vary; the first dimension counts images or
    /// regions.</param>
    public NetworkPart(Func<Tensor[], Tensor[]> compute, params long[][] shapes) => (this.compute, this.shapes) = (compute, shapes);

    /// <summary>Height and width of the inputs that it is traced with, where they may vary; by default a multiple of every network's
    /// stride.</summary>
    public long ExampleSide { get; init; } = 128;

    /// <summary>For how many images or regions it is usually computed at once; 1 by default.</summary>
    public long UsualCount { get; init; } = 1;

    /// <summary>The shape of each input, with <see cref="Any"/> for what may vary.</summary>
    public IReadOnlyList<IReadOnlyList<long>> Shapes => shapes;

    /// <summary>Computes the outputs: compiled, unless gradients are recorded or there is nothing to compute with.</summary>
    public Tensor[] Call(params Tensor[] inputs) =>
        compiled is null || is_grad_enabled() || inputs.Any(input => input.numel() == 0) ? compute(inputs) : compiled.Call(inputs);

    /// <summary>Compiles the part, unless that is done.</summary>
    /// <param name="network">The network that the parameters belong to, on the CPU, in evaluation mode.</param>
    /// <inheritdoc cref="CompiledNetwork.Of(nn.Module{Tensor, Tensor}, Tensor)"/>
    public void Compile(nn.Module network)
    {
        using var scope = NewDisposeScope();
        compiled ??= CompiledNetwork.Of(network, compute, Examples(1, 1, 1), Examples(2, 1.5, 2));
    }

    /// <summary>The part as a graph.</summary>
    /// <param name="network">The network that the parameters belong to; it must outlive the graph.</param>
    /// <inheritdoc cref="TracedGraph.Of(nn.Module{Tensor, Tensor}, Tensor)"/>
    public TracedGraph Trace(nn.Module network)
    {
        using var scope = NewDisposeScope();
        return TracedGraph.Of(network, compute, Examples(1, 1, 1), Examples(2, 1.5, 2));
    }

    /// <summary>The part as a graph that holds for inputs of one size alone.</summary>
    /// <param name="network">The network that the parameters belong to.</param>
    /// <param name="height">The height of inputs, where it may vary.</param>
    /// <param name="width">The width, likewise.</param>
    internal TracedGraph TraceUsual(nn.Module network, long height, long width)
    {
        using var scope = NewDisposeScope();
        return TracedGraph.OfExample(network, compute, Zeros((i, dimensions) =>
            i == 0 ? UsualCount : i == dimensions - 1 ? width : height));
    }

    /// <summary>Drops the compiled form: the weights change.</summary>
    public void Forget()
    {
        compiled?.Dispose();
        compiled = null;
    }

    /// <summary>Frees the compiled form.</summary>
    public void Dispose() => Forget();

    /// <summary>Inputs in which what may vary has these sizes, in turn: the count, then multiples of the side.</summary>
    private Tensor[] Examples(long count, params double[] sides) =>
        Zeros((i, _) => i == 0 ? count : (long)(ExampleSide * sides[i % sides.Length]));

    /// <summary>Inputs in which each dimension that may vary is computed from its index and the number of dimensions.</summary>
    private Tensor[] Zeros(Func<int, int, long> size) =>
        [.. shapes.Select(shape => zeros([.. shape.Select((fixedSize, i) => fixedSize != Any ? fixedSize : size(i, shape.Length))]))];
}
