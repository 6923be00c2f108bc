using TorchSharp.Modules;
using Vision.Ops;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Vision.Backbones;

/// <summary>
/// Multi-head self-attention within windows of 7×7 pixels, which may be shifted by half a window to connect neighboring windows
/// (Liu et al. 2021, arXiv:2103.14030, section 3.2). Shifted windows wrap around the borders; a mask separates pixels not adjacent.
/// </summary>
internal sealed class ShiftedWindowAttention : nn.Module<Tensor, Tensor>
{
    private const int Window = 7;
    private const int Area = Window * Window;
    private const float Masked = -100;

    private readonly Parameter relative_position_bias_table;
    private readonly Tensor relative_position_index;
    private readonly Linear qkv;
    private readonly Linear proj;
    private readonly int heads;
    private readonly int shift;

    /// <summary>Randomly initialized weights.</summary>
    /// <param name="channels">Channels of input and output.</param>
    /// <param name="heads">Attention heads, a divisor of the channels.</param>
    /// <param name="isShifted">Whether the windows are shifted.</param>
    public ShiftedWindowAttention(int channels, int heads, bool isShifted) : base(nameof(ShiftedWindowAttention))
    {
        this.heads = heads;
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
        long count = x.shape[0], height = x.shape[1], width = x.shape[2], channels = x.shape[3];
        long rows = (height + Window - 1) / Window, columns = (width + Window - 1) / Window, windows = rows * columns;
        long bottom = rows * Window - height, right = columns * Window - width;
        if (bottom + right > 0) x = pad(x, [0, 0, 0, right, 0, bottom]);
        // A side that one window covers needs no shift.
        long down = rows > 1 ? shift : 0, across = columns > 1 ? shift : 0;
        if (down + across > 0) x = x.roll([-down, -across], [1, 2]);

        x = x.reshape(count, rows, Window, columns, Window, channels).permute(0, 1, 3, 2, 4, 5).reshape(count * windows, Area, channels);
        Tensor[] parts = qkv.call(x).reshape(count * windows, Area, 3, heads, channels / heads).permute(2, 0, 3, 1, 4).unbind(0);
        Tensor query = parts[0] * Math.Pow(channels / heads, -0.5);                         // [N·windows, heads, 49, channels/heads]
        Tensor logits = query.matmul(parts[1].transpose(-2, -1));                           // [N·windows, heads, 49, 49]
        Tensor bias = relative_position_bias_table.index_select(0, relative_position_index)
            .view(Area, Area, heads).permute(2, 0, 1).contiguous();
        if (down + across > 0)
        {
            Tensor mask = Mask(rows, columns, down, across).to(x.dtype, x.device);          // [windows, 1, 49, 49]
            logits = logits.view(count, windows, heads, Area, Area).add_(bias + mask).view(count * windows, heads, Area, Area);
        }
        else
        {
            logits = logits.add_(bias);
        }
        x = logits.softmax(-1).matmul(parts[2]).transpose(1, 2).reshape(count * windows, Area, channels);
        x = proj.call(x).view(count, rows, columns, Window, Window, channels).permute(0, 1, 3, 2, 4, 5)
            .reshape(count, rows * Window, columns * Window, channels);

        if (down + across > 0) x = x.roll([down, across], [1, 2]);
        if (bottom + right > 0) x = x.narrow(1, 0, height).narrow(2, 0, width);
        return x.contiguous().MoveToOuterDisposeScope();
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

    // Masks pairs of pixels that the roll brought together from opposite borders.
    private static Tensor Mask(long rows, long columns, long down, long across)
    {
        using var scope = NewDisposeScope();
        Tensor regions = tensor(Regions(rows, down)).unsqueeze(1) * 2 + tensor(Regions(columns, across));           // [7·rows, 7·columns]
        regions = regions.view(rows, Window, columns, Window).permute(0, 2, 1, 3).reshape(rows * columns, Area);
        Tensor apart = regions.unsqueeze(1).ne(regions.unsqueeze(2));                                               // [windows, 49, 49]
        return apart.to(ScalarType.Float32).mul_(Masked).unsqueeze(1).MoveToOuterDisposeScope();
    }

    // 1 for the pixels that the roll moved from the opposite border, 0 for the others: only the last window contains both.
    private static long[] Regions(long windows, long shift)
    {
        var regions = new long[windows * Window];
        regions.AsSpan(regions.Length - (int)shift).Fill(1);
        return regions;
    }
}
