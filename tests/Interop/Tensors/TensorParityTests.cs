using TorchSharp;
using Vision.Testing;
using static TorchSharp.torch;

namespace Vision.Interop.Tests;

/// <summary>Tensor operators against PyTorch, the same cases as tools/Parity/interop_tensors.py has: values, dtypes and shapes.</summary>
public class TensorParityTests
{
    private const double Tolerance = 2e-6;

    private static readonly PeerTensors peer = new("interop_tensors.py");

    private static Tensor a => peer["input/a"];
    private static Tensor b => peer["input/b"];
    private static Tensor row => peer["input/row"];
    private static Tensor column => peer["input/column"];
    private static Tensor cube => peer["input/cube"];
    private static Tensor i => peer["input/i"];
    private static Tensor j => peer["input/j"];
    private static Tensor mask => peer["input/mask"];
    private static Tensor picks => peer["input/picks"];
    private static Tensor odd => peer["input/odd"];
    private static Tensor ties => peer["input/ties"];
    private static Tensor bytes => peer["input/bytes"];

    private static readonly Dictionary<string, Func<Tensor>> factories = new()
    {
        ["zeros"] = () => zeros(2, 3),
        ["ones"] = () => ones(2, int64),
        ["full"] = () => full([2, 2], 7.5),
        ["eye"] = () => eye(3, 4),
        ["arange"] = () => arange(5),
        ["arange_step"] = () => arange(1.0, 3.0, 0.5),
        ["arange_down"] = () => arange(5, 0, -2),
        ["linspace"] = () => linspace(-1, 1, 7),
        ["zeros_like"] = () => zeros_like(i),
        ["full_like"] = () => full_like(a, 3),
        ["scalar"] = () => tensor(2.5f),
        ["matrix"] = () => tensor(new long[,] { { 1, 2 }, { 3, 4 }, { 5, 6 } }),
    };

    private static readonly Dictionary<string, Func<Tensor>> arithmetic = new()
    {
        ["add"] = () => a + b,
        ["add_row"] = () => a + row,
        ["add_column"] = () => a + column,
        ["outer"] = () => row + column,
        ["add_int"] = () => a + i[0, 0],
        ["add_number"] = () => a + 2,
        ["number_minus"] = () => 2 - a,
        ["subtract"] = () => a - row,
        ["multiply"] = () => a * column,
        ["divide"] = () => a / b,
        ["divide_ints"] = () => i / j,
        ["floor_divide"] = () => i.floor_divide(j),
        ["remainder"] = () => i % j,
        ["number_over"] = () => 1 / a,
        ["add_alpha"] = () => a.add(b, -0.5),
        ["power"] = () => a.abs().pow(1.5),
        ["square"] = () => a.pow(2),
        ["negate"] = () => -a,
        ["int_plus_float"] = () => i + 0.5f,
        ["bytes_wrap"] = () => bytes + bytes,
        ["bytes_plus_int"] = () => bytes + 300,
        ["bool_plus"] = () => mask + a,
        ["half_plus"] = () => a.half() + 1,
        ["addcmul"] = () => a.addcmul(a, b, 0.3),
        ["addcdiv"] = () => a.addcdiv(a, b, 0.3),
        ["lerp"] = () => a.lerp(b, column),
        ["maximum"] = () => maximum(a, b),
        ["minimum"] = () => minimum(a, row),
        ["clamp"] = () => a.clamp(-0.5, 0.7),
        ["clamp_min"] = () => a.clamp_min(0.1),
        ["matmul"] = () => a.matmul(b.t()),
        ["matmul_batch"] = () => cube.matmul(cube.transpose(1, 2)),
        ["dot"] = () => row.dot(row),
    };

    private static readonly Dictionary<string, Func<Tensor>> pointwise = new()
    {
        ["abs"] = () => a.abs(),
        ["exp"] = () => a.exp(),
        ["log"] = () => a.abs().log(),
        ["sqrt"] = () => a.abs().sqrt(),
        ["rsqrt"] = () => a.abs().rsqrt(),
        ["floor"] = () => a.floor(),
        ["ceil"] = () => a.ceil(),
        ["round"] = () => odd.round(),
        ["trunc"] = () => a.trunc(),
        ["sign"] = () => a.sign(),
        ["sigmoid"] = () => a.sigmoid(),
        ["tanh"] = () => a.tanh(),
        ["relu"] = () => a.relu(),
        ["sin"] = () => a.sin(),
        ["cos"] = () => a.cos(),
        ["atan2"] = () => a.atan2(b),
        ["log1p"] = () => a.abs().log1p(),
        ["expm1"] = () => a.expm1(),
        ["reciprocal"] = () => a.reciprocal(),
        ["isnan"] = () => odd.isnan(),
        ["isinf"] = () => odd.isinf(),
        ["isfinite"] = () => odd.isfinite(),
        ["nan_to_num"] = () => odd.nan_to_num(-1, 9, -9),
        ["softmax"] = () => a.softmax(1),
        ["log_softmax"] = () => a.log_softmax(0),
    };

    private static readonly Dictionary<string, Func<Tensor>> comparison = new()
    {
        ["greater"] = () => a > b,
        ["greater_number"] = () => a > 0.1,
        ["at_most"] = () => a <= row,
        ["equal"] = () => i == 5,
        ["unequal"] = () => i != j,
        ["less"] = () => a < column,
        ["at_least"] = () => a >= b,
        ["and"] = () => mask & b > 0,
        ["or"] = () => mask | b > 0,
        ["xor"] = () => mask ^ b > 0,
        ["not"] = () => ~mask,
        ["logical_not"] = () => i.logical_not(),
        ["logical_and"] = () => i.logical_and(j),
    };

    private static readonly Dictionary<string, Func<Tensor>> inPlace = new()
    {
        ["add_"] = () => a.clone().add_(b),
        ["add_alpha_"] = () => a.clone().add_(b, 2),
        ["mul_"] = () => a.clone().mul_(0.5),
        ["sub_"] = () => a.clone().sub_(row),
        ["div_"] = () => a.clone().div_(3),
        ["zero_"] = () => a.clone().zero_(),
        ["fill_"] = () => i.clone().fill_(4),
        ["clamp_"] = () => a.clone().clamp_(0, 1),
        ["copy_"] = () => a.clone().copy_(row),
        ["exp_"] = () => a.clone().exp_(),
        ["relu_"] = () => a.clone().relu_(),
        ["row_in_place"] = () => Changed(a, t => t[1].add_(1)),
        ["masked_fill_"] = () => a.clone().masked_fill_(mask, -1),
        ["lerp_"] = () => a.clone().lerp_(b, tensor(0.25f)),
    };

    private static readonly Dictionary<string, Func<Tensor>> indexing = new()
    {
        ["index_one"] = () => a[1],
        ["index_two"] = () => a[1, 2],
        ["index_negative"] = () => a[-1],
        ["slice"] = () => a[1..],
        ["slice_both"] = () => a[0..2, 1..3],
        ["slice_end"] = () => a[.., ..^1],
        ["slice_step"] = () => cube[TensorIndex.Colon, TensorIndex.Slice(null, null, 2), TensorIndex.Slice(1, null, 3)],
        ["ellipsis"] = () => cube[TensorIndex.Ellipsis, 1],
        ["new_axis"] = () => a[TensorIndex.Colon, TensorIndex.None],
        ["index_tensor"] = () => a[picks],
        ["index_column"] = () => a[TensorIndex.Colon, TensorIndex.Tensor(picks)],
        ["index_pairs"] = () => a[picks, tensor(new long[] { 1, 3, 0 })],
        ["index_mask"] = () => a[mask],
        ["index_row_mask"] = () => a[tensor(new[] { true, false, true })],
        ["index_mixed"] = () => cube[1, TensorIndex.Tensor(picks), 2..],
        ["index_apart"] = () => cube[TensorIndex.Tensor(tensor(new long[] { 0, 1 })), TensorIndex.Colon, TensorIndex.Tensor(tensor(new long[] { 4, 2 }))],
        ["set_slice"] = () => Changed(a, t => t[.., 1..3] = 9),
        ["set_row"] = () => Changed(a, t => t[1] = row),
        ["set_mask"] = () => Changed(a, t => t[mask] = 0),
        ["set_picks"] = () => Changed(a, t => t[picks[..2]] = b[..2]),
        ["set_element"] = () => Changed(a, t => t[2, 3] = 5),
        ["index_put_add"] = () => a.clone().index_put_(b, [picks], true),
        ["index_select"] = () => cube.index_select(1, picks),
        ["index_add_"] = () => a.clone().index_add_(0, picks, b, 2),
        ["gather"] = () => a.gather(1, tensor(new long[,] { { 0, 3 }, { 1, 1 }, { 2, 0 } })),
        ["scatter"] = () => a.scatter(1, tensor(new long[,] { { 0, 3 }, { 1, 2 }, { 2, 0 } }), b),
        ["scatter_add"] = () => a.clone().scatter_add_(0, tensor(new long[,] { { 0, 0, 2, 2 } }), b),
        ["masked_select"] = () => a.masked_select(mask),
        ["nonzero"] = () => mask.nonzero(),
        ["where"] = () => where(mask, a, b),
        ["where_broadcast"] = () => where(mask, column, row),
        ["take_where"] = () => where(mask)[1],
    };

    private static readonly Dictionary<string, Func<Tensor>> shapes = new()
    {
        ["reshape"] = () => a.reshape(2, -1),
        ["view"] = () => cube.view(6, 5),
        ["flatten"] = () => cube.flatten(1),
        ["squeeze"] = () => column.squeeze(1),
        ["squeeze_all"] = () => column.unsqueeze(0).squeeze(),
        ["unsqueeze"] = () => row.unsqueeze(-1),
        ["permute"] = () => cube.permute(2, 0, 1),
        ["transpose"] = () => cube.transpose(0, 2),
        ["t"] = () => a.t(),
        ["expand"] = () => column.expand(3, 4),
        ["expand_minus"] = () => column.expand(-1, 4),
        ["repeat"] = () => a.repeat(2, 1, 3),
        ["flip"] = () => a.flip(1),
        ["repeat_interleave"] = () => row.repeat_interleave(2),
        ["roll"] = () => a.roll([1], [1]),
        ["narrow"] = () => a.narrow(1, 1, 2),
        ["unbind"] = () => a.unbind(1)[2],
        ["split"] = () => cube.split(2, 1)[1],
        ["split_sizes"] = () => cube.split([1, 4], 2)[1],
        ["chunk"] = () => cube.chunk(2, 2)[1],
        ["as_strided"] = () => a.as_strided([2, 2], [3, 2], 1),
        ["tril"] = () => a.tril(),
        ["triu"] = () => a.triu(1),
        ["diagonal"] = () => a.diagonal(),
        ["cat"] = () => cat([a, b], 1),
        ["stack"] = () => stack([a, b], 1),
        ["meshgrid"] = () => meshgrid([row, column[.., 0]])[1],
        ["einsum"] = () => einsum("ij,kj->ik", a, b),
    };

    private static readonly Dictionary<string, Func<Tensor>> reductions = new()
    {
        ["sum"] = () => a.sum(),
        ["sum_dim"] = () => a.sum(1),
        ["sum_dims"] = () => cube.sum([0, 2]),
        ["sum_keep"] = () => a.sum(0, true),
        ["sum_bool"] = () => mask.sum(),
        ["sum_type"] = () => i.sum(float64),
        ["mean"] = () => a.mean(),
        ["mean_dims"] = () => cube.mean([1, 2], true),
        ["std"] = () => a.std(),
        ["var_biased"] = () => a.var(false),
        ["norm"] = () => a.norm(),
        ["prod"] = () => row.prod(),
        ["all"] = () => mask.all(),
        ["any_dim"] = () => mask.any(1),
        ["max"] = () => a.max(),
        ["max_values"] = () => a.max(1).values,
        ["max_indices"] = () => ties.max(1).indexes,
        ["min_indices"] = () => ties.min(0).indexes,
        ["max_nan"] = () => odd.max(),
        ["amax"] = () => cube.amax(1, 2),
        ["argmax"] = () => a.argmax(),
        ["argmax_dim"] = () => ties.argmax(1),
        ["argmin_keep"] = () => a.argmin(1, true),
        ["argsort_descending"] = () => a.argsort(1, true),
        ["sort"] = () => a.sort(1).Values,
        ["sort_stable"] = () => ties.sort(1, true, true).Indices,
        ["topk"] = () => a.topk(2, 1).values,
        ["topk_indices"] = () => a.topk(2, 1).indexes,
        ["topk_smallest"] = () => a.topk(3, 0, false).values,
        ["cumsum"] = () => a.cumsum(1),
        ["logsumexp"] = () => a.logsumexp(1),
        ["count_nonzero"] = () => mask.count_nonzero(),
        ["bincount"] = () => picks.bincount(null, 5),
        ["unique"] = () => i.unique().output,
        ["unique_inverse"] = () => picks.unique(true, true).inverse_indices!,
        ["searchsorted"] = () => searchsorted(tensor(new[] { 0f, 1f, 2f }), tensor(new[] { -1f, 0f, 1.5f, 9f }), false, true),
    };

    private static readonly Dictionary<string, Func<Tensor>> types = new()
    {
        ["to_int"] = () => a.to(int32),
        ["to_half"] = () => a.half(),
        ["to_bfloat16"] = () => a.bfloat16(),
        ["to_bool"] = () => i.@bool(),
        ["to_double"] = () => a.@double(),
        ["type_as"] = () => i.type_as(a),
        ["half_to_float"] = () => (a * 1000).half().@float(),
    };

    private static readonly Dictionary<string, Func<Tensor>> cases =
        new[] { factories, arithmetic, pointwise, comparison, inPlace, indexing, shapes, reductions, types }.SelectMany(group => group).ToDictionary();

    public static TheoryData<string> Names => [.. cases.Keys];

    [SkippableTheory, MemberData(nameof(Names))]
    public void EqualsPyTorch(string name)
    {
        using var scope = NewDisposeScope();
        Tensor expected = peer[$"case/{name}"];
        Tensor actual = cases[name]();
        Assert.Equal(expected.dtype, actual.dtype);
        Close.To(actual, expected, Tolerance, name);
    }

    [SkippableFact]
    public void EveryCaseOfTheScriptIsHere() => Assert.Equal(peer.Under("case").Keys.Order(), cases.Keys.Order());

    [SkippableFact]
    public void InputsAreAsTheyWere()
    {
        using var scope = NewDisposeScope();
        Tensor before = a.clone();
        foreach (Func<Tensor> run in cases.Values) run();
        Close.To(a, before, 0);
    }

    private static Tensor Changed(Tensor tensor, Action<Tensor> change)
    {
        Tensor copy = tensor.clone();
        change(copy);
        return copy;
    }
}
