using TorchSharp.Modules;
using Vision.Ops;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Vision.Backbones;

/// <summary>
/// Self-attention of several heads within windows of 7×7 pixels, which may be shifted by half a window so that neighbors meet
/// (Liu et al. 2021, arXiv:2103.14030, section 3.2). The windows wrap round the image's borders; a mask keeps what was not adjacent apart.
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

    /// <summary>Freshly drawn weights.</summary>
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
        // Where one window covers a side, there are no neighbors to meet.
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
        x = proj.call(x).view(count, rows, columns, Window, Window, channels).permute(0, 1, 3, 2, 4, 5).reshape(count, rows * Window,
            columns * Window, channels);

        if (down + across > 0) x = x.roll([down, across], [1, 2]);
        if (bottom + right > 0) x = x.narrow(1, 0, height).narrow(2, 0, width);
        return x.contiguous().MoveToOuterDisposeScope();
    }

    // Where in the table the offset between two of a window's pixels stands, for every pair.
    private static long[] RelativePositions()
    {
        const int span = 2 * Window - 1;
        var index = new long[Area * Area];
        for (int i = 0; i < Area; i++)
            for (int j = 0; j < Area; j++)
                index[i * Area + j] = (i / Window - j / Window + Window - 1) * span + (i % Window - j % Window + Window - 1);
        return index;
    }

    // Pixels attend to each other where the roll did not bring them together from opposite borders.
    private static Tensor Mask(long rows, long columns, long down, long across)
    {
        using var scope = NewDisposeScope();
        Tensor regions = tensor(Regions(rows, down)).unsqueeze(1) * 2 + tensor(Regions(columns, across));           // [7·rows, 7·columns]
        regions = regions.view(rows, Window, columns, Window).permute(0, 2, 1, 3).reshape(rows * columns, Area);
        Tensor apart = regions.unsqueeze(1).ne(regions.unsqueeze(2));                                               // [windows, 49, 49]
        return apart.to(ScalarType.Float32).mul_(Masked).unsqueeze(1).MoveToOuterDisposeScope();
    }

    // 1 for the pixels that the roll brought from the other border, 0 for the others: only the last window holds both.
    private static long[] Regions(long windows, long shift)
    {
        var regions = new long[windows * Window];
        regions.AsSpan(regions.Length - (int)shift).Fill(1);
        return regions;
    }
}
