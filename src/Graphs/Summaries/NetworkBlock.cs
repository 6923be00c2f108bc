namespace Vision.Graphs;

/// <summary>Steps of a network that are shown as one: a residual block, or a layer with its norm and activation.</summary>
/// <param name="path">The module, such as <c>layer1.0</c>; for steps without parameters the one that contains them.</param>
/// <param name="container">The module that contains it.</param>
/// <param name="moduleType">The class of its module; null for layers.</param>
internal sealed class NetworkBlock(string path, string container, string? moduleType)
{
    private const string Excitation = "SE";

    /// <summary>The module, such as <c>layer1.0</c>; for steps without parameters the one that contains them.</summary>
    public string Path => path;

    /// <summary>The module that contains it.</summary>
    public string Container => container;

    /// <summary>Whether it is a module of several layers or steps, rather than a layer to which others were joined.</summary>
    public bool IsModule => moduleType is not null;

    /// <summary>Whether it is a module with several layers.</summary>
    public bool HasLayers => moduleType is not null && Layers.Count > 1;

    /// <summary>The steps, in order.</summary>
    public List<SummaryNode> Steps { get; } = [];

    /// <summary>The blocks whose results it uses; null is the network's input.</summary>
    public List<NetworkBlock?> Sources { get; } = [];

    /// <summary>How its input reaches its end beside its layers.</summary>
    public Shortcut Shortcut { get; set; }

    /// <summary>The layer that a projection shortcut consists of.</summary>
    public SummaryNode? Projection { get; set; }

    /// <summary>The shape of the result.</summary>
    public IReadOnlyList<long> OutputShape => Steps[^1].OutputShape;

    /// <summary>Multiply-adds.</summary>
    public long MultiplyAdds => Steps.Sum(step => step.MultiplyAdds);

    /// <summary>Names of parameters and buffers.</summary>
    public IEnumerable<string> Parameters => Steps.SelectMany(step => step.Parameters).Distinct();

    /// <summary>In words what it is: its class, or its layer.</summary>
    public string Title => HasLayers ? moduleType! : OperatorText.Of(Main);

    /// <summary>In words what is in it.</summary>
    public string Details
    {
        get
        {
            if (HasLayers)
                return string.Join(" → ", Layers.Select(LayerText).Where(
                    (text, i) => i == 0 || text != Excitation || text != LayerText(Layers[i - 1])));
            return string.Join(", ", Steps.Where(step => step != Main && !OperatorCost.IsView(step.Node)).Select(OperatorText.Of));
        }
    }

    // Steps with weights on the main path.
    private List<SummaryNode> Layers =>
        [.. Steps.Where(step => step.MultiplyAdds > 0 && step.Parameters.Count > 0 && step != Projection)];

    private SummaryNode Main =>
        Layers.FirstOrDefault() ?? Steps.Find(step => !OperatorCost.IsView(step.Node)) ?? Steps[0];

    // The two layers of squeeze-and-excitation see a single pixel.
    private string LayerText(SummaryNode layer) =>
        IsPixel(layer.OutputShape) && !IsPixel(OutputShape) ? Excitation : OperatorText.Short(layer);

    private static bool IsPixel(IReadOnlyList<long> shape) => shape is [_, _, 1, 1];
}
