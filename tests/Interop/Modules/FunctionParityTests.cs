using TorchSharp;
using Vision.Testing;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Vision.Interop.Tests;

/// <summary>The functions of torch.nn.functional that no module test covers, against PyTorch: output, and gradient of the first input.</summary>
public class FunctionParityTests
{
    private const double Tolerance = 2e-6;

    private static readonly PeerTensors peer = new("interop_modules.py");

    private static readonly Dictionary<string, Func<Tensor[], Tensor>> functions = new()
    {
        ["interpolate_nearest"] = x => interpolate(x[0], [11, 4]),
        ["interpolate_nearest_factor"] = x => interpolate(x[0], scale_factor: [1.7, 2.3]),
        ["interpolate_nearest_exact"] = x => interpolate(x[0], [11, 4], mode: InterpolationMode.NearestExact),
        ["interpolate_bilinear"] = x => interpolate(x[0], [11, 4], mode: InterpolationMode.Bilinear, align_corners: false),
        ["interpolate_bilinear_factor"] = x => interpolate(x[0], scale_factor: [1.7, 2.3], mode: InterpolationMode.Bilinear),
        ["interpolate_bilinear_recomputed"] = x => interpolate(x[0], scale_factor: [1.7, 2.3], mode: InterpolationMode.Bilinear, recompute_scale_factor: true),
        ["interpolate_antialias"] = x => interpolate(x[0], [5, 4], mode: InterpolationMode.Bilinear, antialias: true),
        ["interpolate_bicubic"] = x => interpolate(x[0], [11, 9], mode: InterpolationMode.Bicubic),
        ["interpolate_area"] = x => interpolate(x[0], [5, 4], mode: InterpolationMode.Area),
        ["interpolate_linear"] = x => interpolate(x[0], [9], mode: InterpolationMode.Linear),
        ["interpolate_trilinear"] = x => interpolate(x[0], [3, 5, 4], mode: InterpolationMode.Trilinear),
        ["pad_constant"] = x => pad(x[0], (1, 2, 3, 0), value: 0.5),
        ["pad_replicate"] = x => pad(x[0], new long[] { 1, 2, 3, 0 }, PaddingModes.Replicate),
        ["grid_sample"] = x => grid_sample(x[0], x[1]),
        ["grid_sample_nearest_border"] = x => grid_sample(x[0], x[1], GridSampleMode.Nearest, GridSamplePaddingMode.Border, true),
        ["grid_sample_reflection"] = x => grid_sample(x[0], x[1], padding_mode: GridSamplePaddingMode.Reflection),
        ["unfold"] = x => unfold(x[0], (3, 2), (1, 2), (1, 1), (2, 2)),
        ["normalize"] = x => normalize(x[0]),
        ["leaky_relu"] = x => leaky_relu(x[0], 0.2),
        ["softmax_double"] = x => softmax(x[0], 1, float64),
        ["log_softmax"] = x => log_softmax(x[0], 1),
        ["one_hot"] = x => one_hot(x[0], 5),
        ["cross_entropy"] = x => cross_entropy(x[0], x[1], x[2], 255, label_smoothing: 0.1),
        ["cross_entropy_sum"] = x => cross_entropy(x[0], x[1], ignore_index: 255, reduction: nn.Reduction.Sum),
        ["nll_loss"] = x => nll_loss(x[0], x[1]),
        ["binary_cross_entropy"] = x => binary_cross_entropy(x[0], x[1]),
        ["binary_cross_entropy_with_logits"] = x => binary_cross_entropy_with_logits(x[0], x[1], x[2], nn.Reduction.Sum, x[3]),
        ["smooth_l1_loss"] = x => smooth_l1_loss(x[0], x[1], nn.Reduction.None, 0.11),
        ["l1_loss"] = x => l1_loss(x[0], x[1]),
        ["mse_loss"] = x => mse_loss(x[0], x[1], nn.Reduction.Sum),
    };

    public static TheoryData<string> Names => [.. functions.Keys];

    [SkippableTheory, MemberData(nameof(Names))]
    public void EqualsPyTorch(string name)
    {
        using var scope = NewDisposeScope();
        Tensor[] inputs = [.. Enumerable.Range(0, 4).Select(i => $"{name}/x{i}").Where(peer.Has).Select(key => peer[key].clone())];
        inputs[0].requires_grad = inputs[0].is_floating_point();
        Tensor y = functions[name](inputs);
        Close.To(y, peer[$"{name}/y"], Tolerance, "output");
        if (!y.requires_grad)
            return;
        PeerTensors.Loss(y).backward();
        Close.To(inputs[0].grad!, peer[$"{name}/gradient"], Tolerance, "gradient");
    }

    [Fact]
    public void InPlaceActivationsChangeTheirInput()
    {
        using var scope = NewDisposeScope();
        foreach (Func<Tensor, Tensor> activation in new Func<Tensor, Tensor>[]
            { x => relu(x, true), x => relu6(x, true), x => silu(x, true), x => hardswish(x, true), x => hardsigmoid(x, true), x => gelu(x, true), x => sigmoid(x, true), x => leaky_relu(x, inplace: true) })
        {
            Tensor x = tensor(new[] { -2f, 0.5f, 9f });
            Tensor y = activation(x);
            Close.To(x, y, 0);
            Assert.NotEqual(-2f, x[0].item<float>());
            x.Dispose();
            Assert.Equal(3, y.numel());
        }
    }

    [Fact]
    public void DropoutZeroesAboutItsShareAndScalesTheRest()
    {
        using var scope = NewDisposeScope();
        manual_seed(0);
        Tensor elements = dropout(ones(100, 100), 0.25);
        Assert.Equal([0f, 4 / 3f], elements.unique().output.data<float>().ToArray());
        Assert.InRange(elements.eq(0).sum().item<long>(), 2300, 2700);
        Tensor channels = dropout2d(ones(10, 50, 3, 3), 0.25).gt(0).sum([2, 3]);
        Assert.Equal([0L, 9L], channels.unique().output.data<long>().ToArray());
        Assert.Equal(100f, dropout(ones(100), 0.25, training: false).sum().item<float>());
    }

    [Theory]
    [InlineData(InterpolationMode.Nearest, true, "corners")]
    [InlineData(InterpolationMode.Trilinear, null, "4 dimensions")]
    public void InterpolationRefusesWhatDoesNotApply(InterpolationMode mode, bool? alignCorners, string says)
    {
        using Tensor image = ones(1, 1, 4, 4);
        Assert.Contains(says, Assert.Throws<ArgumentException>(() => interpolate(image, [2, 2], mode: mode, align_corners: alignCorners)).Message);
    }
}
