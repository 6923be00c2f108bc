using BenchmarkDotNet.Attributes;
using Vision.Ops;
using static TorchSharp.torch;

namespace Vision.Benchmarks;

/// <summary>A modulated deformable 3×3 convolution on a feature map of stride 16: forward, and with all gradients.</summary>
public class DeformConvBenchmarks
{
    private readonly Tensor input = randn(1, 256, 50, 68), offset = randn(1, 18, 50, 68),
        mask = rand(1, 9, 50, 68), weight = randn(256, 256, 3, 3);
    private Tensor[] leaves = null!;

    [GlobalSetup]
    public void Setup() => leaves = [.. new[] { input, offset, weight, mask }.Select(tensor => tensor.clone().requires_grad_())];

    [Benchmark]
    public void Forward() => DeformConv.Conv2d(input, offset, weight, null, 1, 1, 1, mask).Dispose();

    [Benchmark]
    public void ForwardAndBackward()
    {
        using var scope = NewDisposeScope();
        DeformConv.Conv2d(leaves[0], leaves[1], leaves[2], null, 1, 1, 1, leaves[3]).sum().backward();
    }
}
