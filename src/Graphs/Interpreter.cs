using TorchSharp;
using Vision.Ops;
using Vision.Ops.Layers;
using Vision.Ops.Resampling;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Vision.Graphs;

/// <summary>
/// Computes single nodes by TorchSharp's functions. Operators that change their operand in place are computed without that: the tracer
/// gives their results names of their own.
/// </summary>
internal static class Interpreter
{
    // at::padding_mode
    private static readonly PaddingModes[] paddings =
        [PaddingModes.Reflect, PaddingModes.Replicate, PaddingModes.Circular, PaddingModes.Constant];

    private static readonly Dictionary<string, Func<object?[], object?>> operators = new()
    {
        ["prim::ListConstruct"] = items => items,
        // Only transposed ones are left.
        ["aten::_convolution"] = a => conv_transpose2d(T(a[0]), T(a[1]), (Tensor?)a[2], Longs(a[3]), Longs(a[4]), Longs(a[7]),
            Longs(a[5]), Long(a[8])),
        ["vision::resize_like"] = a => ResizeLike.Bilinear(T(a[0]), T(a[1])),
        ["vision::resize_nearest_like"] = a => ResizeLike.Nearest(T(a[0]), T(a[1])),
        ["vision::resize_nearest_double"] = a => ResizeLike.Doubled(T(a[0])),
        ["vision::cover_like"] = a => Covering(T(a[0]), T(a[1])),
        ["vision::split_windows"] = a => ShiftedWindows.Split(T(a[0]), (int)Long(a[1]), (int)Long(a[2])),
        ["vision::join_windows_like"] = a => ShiftedWindows.Join(T(a[0]), T(a[1]), (int)Long(a[2]), (int)Long(a[3])),
        ["vision::window_mask_like"] = a => ShiftedWindows.Mask(T(a[0]), (int)Long(a[1]), (int)Long(a[2])),
        ["aten::_pad_enum"] = a => pad(T(a[0]), Longs(a[1]), paddings[Long(a[2])], Number(a[3], 0)),
        ["aten::adaptive_avg_pool2d"] = a => GlobalAverage.Pays(T(a[0]), Longs(a[1])) ? GlobalAverage.Call(T(a[0]))
            : adaptive_avg_pool2d(T(a[0]), Longs(a[1])),
        ["aten::add"] = a => a[1] is Tensor term ? T(a[0]).add(term, Number(a[2], 1)) : T(a[0]).add(Number(a[1], 0)),
        ["aten::addmm"] = a => a is [_, Tensor rows, Tensor weight, 1L, 1L] && SmallLinear.Pays(rows, weight)
            ? SmallLinear.Call(rows, weight, T(a[0]))
            : T(a[0]).addmm(T(a[1]), T(a[2]), (float)Number(a[3], 1), (float)Number(a[4], 1)),
        ["aten::arange"] = a => arange(Number(a[0], 0), Number(a[1], 0), Number(a[2], 1), (ScalarType)Long(a[3])),
        ["aten::avg_pool2d"] = a => avg_pool2d(T(a[0]), Longs(a[1]), Longs(a[2]), Longs(a[3]), (bool)a[4]!, (bool)a[5]!, a[6] as long?),
        ["aten::batch_norm"] = a => batch_norm(T(a[0]), T(a[3]), T(a[4]), (Tensor?)a[1], (Tensor?)a[2], false, Number(a[6], 0.1),
            Number(a[7], 1e-5)),
        ["aten::bmm"] = a => T(a[0]).bmm(T(a[1])),
        ["aten::cat"] = a => cat([.. ((object?[])a[0]!).Select(T)], Long(a[1])),
        ["aten::clamp_min"] = a => T(a[0]).clamp_min(Number(a[1], 0)),
        ["aten::cos"] = a => T(a[0]).cos(),
        ["aten::cumsum"] = a => T(a[0]).cumsum(Long(a[1]), a[2] is long type ? (ScalarType)type : null),
        ["aten::div"] = a => a[1] is Tensor divisor ? T(a[0]).div(divisor) : T(a[0]).div(Number(a[1], 1)),
        ["aten::exp"] = a => T(a[0]).exp(),
        ["aten::expand"] = a => T(a[0]).expand(Longs(a[1])),
        ["aten::expand_as"] = a => T(a[0]).expand_as(T(a[1])),
        ["aten::flatten"] = a => T(a[0]).flatten(Long(a[1]), Long(a[2])),
        ["aten::gelu"] = a => a[1] is "none" ? gelu(T(a[0]))
            : throw new NotSupportedException($"The graph has GELU's approximation {a[1]}; only the exact one is supported."),
        ["aten::group_norm"] = a => group_norm(T(a[0]), Long(a[1]), (Tensor?)a[2], (Tensor?)a[3], Number(a[4], 1e-5)),
        ["aten::hardsigmoid"] = a => hardsigmoid(T(a[0])),
        ["aten::hardswish"] = a => hardswish(T(a[0])),
        ["aten::index_select"] = a => T(a[0]).index_select(Long(a[1]), T(a[2])),
        ["aten::layer_norm"] = a => layer_norm(T(a[0]), Longs(a[1]), (Tensor?)a[2], (Tensor?)a[3], Number(a[4], 1e-5)),
        ["aten::leaky_relu"] = a => leaky_relu(T(a[0]), Number(a[1], 0.01)),
        ["aten::matmul"] = a => T(a[0]).matmul(T(a[1])),
        ["aten::max_pool2d"] = a => max_pool2d(T(a[0]), Longs(a[1]), Longs(a[2]), Longs(a[3]), Longs(a[4]), (bool)a[5]!),
        ["aten::mean"] = a => T(a[0]).mean(Longs(a[1]), (bool)a[2]!),
        ["aten::mul"] = a => a[1] is Tensor factor ? T(a[0]).mul(factor) : T(a[0]).mul(Number(a[1], 1)),
        ["aten::narrow"] = a => T(a[0]).narrow(Long(a[1]), Long(a[2]), Long(a[3])),
        ["aten::norm"] = a => linalg.vector_norm(T(a[0]), Number(a[1], 2), Longs(a[2]), (bool)a[3]!),
        ["aten::permute"] = a => T(a[0]).permute(Longs(a[1])),
        ["aten::relu"] = a => relu(T(a[0])),
        ["aten::relu6"] = a => relu6(T(a[0])),
        ["aten::select"] = a => T(a[0]).select(Long(a[1]), Long(a[2])),
        ["aten::sigmoid"] = a => T(a[0]).sigmoid(),
        ["aten::silu"] = a => silu(T(a[0])),
        ["aten::sin"] = a => T(a[0]).sin(),
        ["aten::slice"] = a => T(a[0]).slice(Long(a[1]), Long(a[2]), Long(a[3]), Long(a[4])),
        ["aten::softmax"] = a => T(a[0]).softmax(Long(a[1])),
        ["aten::squeeze"] = a => T(a[0]).squeeze(Long(a[1])),
        ["aten::stack"] = a => stack([.. ((object?[])a[0]!).Select(T)], Long(a[1])),
        ["aten::sub"] = a => T(a[0]).add(T(a[1]), -Number(a[2], 1)),
        ["aten::t"] = a => T(a[0]).t(),
        ["aten::to"] = a => T(a[0]).to((ScalarType)Long(a[1])),
        ["aten::transpose"] = a => T(a[0]).transpose(Long(a[1]), Long(a[2])),
        ["aten::unflatten"] = a => T(a[0]).unflatten(Long(a[1]), Longs(a[2])),
        ["aten::unsqueeze"] = a => T(a[0]).unsqueeze(Long(a[1])),
        ["aten::upsample_bilinear2d"] = a => interpolate(T(a[0]), Longs(a[1]), mode: InterpolationMode.Bilinear,
            align_corners: (bool)a[2]!),
        ["aten::view"] = a => T(a[0]).view(Longs(a[1])),
        ["aten::zeros_like"] = a => zeros_like(T(a[0])),
    };

    /// <summary>The name under which an operator is computed: that of its variant which changes nothing in place.</summary>
    public static string PlainName(string op) => op.EndsWith('_') ? op[..^1] : op;

    /// <summary>Whether a node can be computed.</summary>
    public static bool Knows(string op) => operators.ContainsKey(PlainName(op));

    /// <summary>What computes a node's result from its operands.</summary>
    public static Func<object?[], object?> Of(string op) => operators[PlainName(op)];

    /// <summary>Computes a node's result.</summary>
    /// <param name="op">Its operator.</param>
    /// <param name="operands">The values of its operands.</param>
    public static object? Compute(string op, object?[] operands) => Of(op)(operands);

    /// <summary><see cref="ResizeLike.Cover"/>, also in a faster way that has no gradient.</summary>
    private static Tensor Covering(Tensor x, Tensor like) => x.device_type == DeviceType.CPU && x.dtype == ScalarType.Float32
        && (x.shape[^2] < like.shape[^2] || x.shape[^1] < like.shape[^1])
            ? ResizedMaps.Of(x, like.shape[^2], like.shape[^1]) : ResizeLike.Cover(x, like);

    private static Tensor T(object? value) => (Tensor)value!;

    private static long Long(object? value) => (long)value!;

    private static long[] Longs(object? value) => value is object?[] { Length: 0 } ? [] : (long[])value!;

    private static double Number(object? value, double otherwise) => value switch
    {
        long whole => whole,
        double number => number,
        _ => otherwise,
    };
}
