using TorchSharp;
using TorchSharp.Modules;
using Vision.Testing;
using static TorchSharp.torch;

namespace Vision.Interop.Tests;

/// <summary>Every module against PyTorch: initial values from the same seed, output, gradients, buffers and their names.</summary>
public class ModuleParityTests
{
    private const double Tolerance = 2e-6;

    private static readonly PeerTensors peer = new("interop_modules.py");

    private static readonly Dictionary<string, Func<nn.Module<Tensor, Tensor>>> makers = new()
    {
        ["conv2d"] = () => nn.Conv2d(4, 6, 3, stride: 2, padding: 1, groups: 2),
        ["conv2d_pair"] = () => nn.Conv2d(3, 5, (1, 3), (2, 1), (0, 1), (1, 2), bias: false),
        ["conv2d_same"] = () => nn.Conv2d(3, 5, (3, 4), Padding.Same),
        ["conv2d_reflect"] = () => nn.Conv2d(3, 5, (3, 3), padding: (1, 2), padding_mode: PaddingModes.Reflect),
        ["conv2d_circular_same"] = () => nn.Conv2d(3, 5, (3, 4), Padding.Same, padding_mode: PaddingModes.Circular),
        ["conv_transpose2d"] = () => nn.ConvTranspose2d(4, 6, 2, stride: 2),
        ["conv_transpose2d_odd"] = () => nn.ConvTranspose2d(4, 6, (3, 2), (2, 3), (1, 1), (1, 0), (1, 2), groups: 2),
        ["linear"] = () => nn.Linear(7, 5),
        ["linear_without_bias"] = () => nn.Linear(7, 5, false),
        ["batch_norm_training"] = () => nn.BatchNorm2d(4),
        ["batch_norm_evaluation"] = () => nn.BatchNorm2d(4, 1e-3),
        ["batch_norm_untracked"] = () => nn.BatchNorm2d(4, track_running_stats: false),
        ["batch_norm_plain"] = () => nn.BatchNorm2d(4, momentum: 0.3, affine: false),
        ["group_norm"] = () => nn.GroupNorm(2, 6),
        ["layer_norm"] = () => nn.LayerNorm([4, 3]),
        ["embedding"] = () => nn.Embedding(9, 4, 2),
        ["max_pool2d"] = () => nn.MaxPool2d(3, 2, 1),
        ["max_pool2d_ceil"] = () => nn.MaxPool2d(2, ceil_mode: true),
        ["avg_pool2d"] = () => nn.AvgPool2d(3, 2, 1, true, false),
        ["adaptive_avg_pool2d"] = () => nn.AdaptiveAvgPool2d((3, 2)),
        ["upsample_nearest"] = () => nn.Upsample(scale_factor: [2.5, 2.5]),
        ["upsample_bilinear"] = () => nn.Upsample([9, 11], mode: UpsampleMode.Bilinear, align_corners: true),
        ["relu"] = () => nn.ReLU(),
        ["relu6"] = () => nn.ReLU6(),
        ["silu"] = () => nn.SiLU(),
        ["hardswish"] = () => nn.Hardswish(),
        ["hardsigmoid"] = () => nn.Hardsigmoid(),
        ["gelu"] = () => nn.GELU(),
        ["gelu_tanh"] = () => nn.GELU(GELU.Approximate.tanh),
        ["sigmoid"] = () => nn.Sigmoid(),
        ["softmax"] = () => nn.Softmax(1),
        ["dropout"] = () => nn.Dropout(0.4),
        ["flatten"] = () => nn.Flatten(),
        ["identity"] = () => nn.Identity(),
        ["sequential"] = () => nn.Sequential(nn.Conv2d(3, 4, 3, bias: false), nn.BatchNorm2d(4), nn.ReLU(), nn.Sequential(nn.Flatten(), nn.Linear(36, 2))),
    };

    public static TheoryData<string> Names => [.. makers.Keys];

    [SkippableTheory, MemberData(nameof(Names))]
    public void EqualsPyTorch(string name)
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        using nn.Module<Tensor, Tensor> module = makers[name]();
        module.train(name is not ("batch_norm_evaluation" or "batch_norm_untracked" or "dropout"));

        Dictionary<string, Tensor> initial = peer.Under($"{name}/initial");
        Assert.Equal(initial.Keys, module.state_dict().Keys);
        foreach ((string key, Tensor value) in module.state_dict())
            Close.To(value, initial[key], 0, $"{key} before");

        Tensor x = peer[$"{name}/x"].clone();
        x.requires_grad = x.is_floating_point();
        Tensor y = module.call(x);
        Close.To(y, peer[$"{name}/y"], Tolerance, "output");
        PeerTensors.Loss(y).backward();
        if (x.requires_grad)
            Close.To(x.grad!, peer[$"{name}/gradient"], Tolerance, "gradient of the input");
        foreach ((string key, Parameter parameter) in module.named_parameters())
            Close.To(parameter.grad!, peer[$"{name}/gradient/{key}"], Tolerance, $"gradient of {key}");
        foreach ((string key, Tensor buffer) in module.named_buffers())
            Close.To(buffer, peer[$"{name}/buffer/{key}"], Tolerance, $"{key} after");
    }
}
