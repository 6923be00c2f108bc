using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>The transformer of a <see cref="Detr"/>: from a feature map to the queries' final states.</summary>
internal sealed class DetrTransformer : nn.Module
{
    private readonly DetrEncoder encoder;
    private readonly DetrDecoder decoder;
    private readonly DetrOptions options;

    public DetrTransformer(DetrOptions options) : base(nameof(DetrTransformer))
    {
        if (options.Width % options.Heads != 0 || options.Width % 4 != 0)
            throw new ArgumentException(
                $"The transformer has {options.Width} channels and {options.Heads} heads; expected a multiple of the heads and of 4.",
                nameof(options));
        this.options = options;
        encoder = new DetrEncoder(options);
        decoder = new DetrDecoder(options);
        RegisterComponents();
        foreach (var parameter in parameters())
            if (parameter.dim() > 1) nn.init.xavier_uniform_(parameter);
    }

    /// <summary>The state of each query after each layer of the decoder.</summary>
    /// <param name="features">[N, width, h, w].</param>
    /// <param name="cells">Which cells of the feature map belong to the images.</param>
    /// <param name="queries">[Q, width].</param>
    /// <returns>[layers, N, Q, width].</returns>
    public Tensor Decode(Tensor features, FeaturePaddingMask cells, Tensor queries)
    {
        using var scope = NewDisposeScope();
        Tensor x = features.flatten(2).permute(2, 0, 1);                                // [h·w, N, width]
        Tensor positions = SinePositions.Of(cells.Valid, options.Width).flatten(1, 2).transpose(0, 1);
        Tensor? padding = !cells.HasPadding ? null
            : cells.Valid.logical_not().flatten(1).repeat_interleave(options.Heads, 0).unsqueeze(1);    // [N·heads, 1, h·w]
        Tensor memory = encoder.Encode(x, positions, padding);
        Tensor decoded = decoder.Decode(queries.unsqueeze(1), memory, memory + positions, padding);
        return decoded.transpose(1, 2).MoveToOuterDisposeScope();
    }
}
