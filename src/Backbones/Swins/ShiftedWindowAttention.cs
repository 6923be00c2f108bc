using TorchSharp.Modules;
using Vision.Ops;
using static TorchSharp.torch;

namespace Vision.Backbones;

/// <summary>
/// Multi-head self-attention within windows of 7×7 pixels, which may be shifted by half a window to connect neighboring windows
/// (Liu et al. 2021, arXiv:2103.14030, section 3.2). Shifted windows wrap around the borders; a mask separates pixels not adjacent.
/// </summary>
internal sealed class ShiftedWindowAttention : nn.Module<Tensor, Tensor>
{
    private const int Window = 7;
    private const int Area = Window * Window;

    private readonly Parameter relative_position_bias_table;
    private readonly Tensor relative_position_index;
    private readonly Linear qkv;
    private readonly Linear proj;
    private readonly int heads;
    private readonly int width;
    private readonly int shift;

    /// <summary>Randomly initialized weights.</summary>
    /// <param name="channels">Channels of input and output.</param>
    /// <param name="heads">Attention heads, a divisor of the channels.</param>
    /// <param name="isShifted">Whether the windows are shifted.</param>
    public ShiftedWindowAttention(int channels, int heads, bool isShifted) : base(nameof(ShiftedWindowAttention))
    {
        this.heads = heads;
        width = channels / heads;
        shift = isShifted ? Window / 2 : 0;
        qkv = nn.Linear(channels, 3 * channels);
        proj = nn.Linear(channels, channels);
        relative_position_bias_table = nn.Parameter(zeros((2 * Window - 1) * (2 * Window - 1), heads));
        TruncatedNormal.Fill(relative_position_bias_table, 0.02);
        relative_position_index = tensor(RelativePositions());
        RegisterComponents();
        this.DetachOwnTensors();
    }

    /// <summary>[N, H, W, channels] to the same shape.</summary>
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        Tensor windows = ShiftedWindows.Split(x, Window, shift);                            // [N, windows, 49, channels]
        Tensor parts = qkv.call(windows).unflatten(3, 3, heads, width).transpose(2, 4);     // [N, windows, heads, 3, 49, width]
        Tensor query = parts.select(3, 0) * Math.Pow(width, -0.5), key = parts.select(3, 1), value = parts.select(3, 2);
        Tensor bias = relative_position_bias_table.t().index_select(1, relative_position_index).view(heads, Area, Area);
        if (shift > 0) bias = bias + ShiftedWindows.Mask(x, Window, shift);                 // [windows, heads, 49, 49]
        Tensor weights = query.matmul(key.transpose(-2, -1)).add_(bias).softmax(-1);        // [N, windows, heads, 49, 49]
        Tensor y = proj.call(weights.matmul(value).transpose(2, 3).flatten(3));             // [N, windows, 49, channels]
        return ShiftedWindows.Join(y, x, Window, shift).MoveToOuterDisposeScope();
    }

    // The index into the bias table of the offset between each pair of pixels in a window.
    private static long[] RelativePositions()
    {
        const int span = 2 * Window - 1;
        var index = new long[Area * Area];
        for (int i = 0; i < Area; i++)
            for (int j = 0; j < Area; j++)
                index[i * Area + j] = (i / Window - j / Window + Window - 1) * span + (i % Window - j % Window + Window - 1);
        return index;
    }
}
