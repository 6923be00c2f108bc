using BenchmarkDotNet.Attributes;
using Vision.Ops;
using static TorchSharp.torch;

namespace Vision.Benchmarks;

/// <summary>Pooling for the box head (7×7) and the mask head (14×14) from the finest level of a pyramid: forward, and with the gradient of
/// the features.</summary>
public class RoiAlignBenchmarks
{
    private const int Height = 200, Width = 272;
    private Tensor features = null!, leaf = null!, rois = null!, upstream = null!;

    [Params(7, 14)]
    public int Bins { get; set; }

    [Params(false, true)]
    public bool ChannelsLast { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        features = randn(2, 256, Height, Width);
        if (ChannelsLast) features = MemoryFormat.ChannelsLast(features);
        leaf = features.detach().requires_grad_();
        Tensor corner = rand(512, 2) * 4 * tensor(new float[] { Width, Height }), side = rand(512, 2) * 120 + 8;
        rois = cat([(arange(512) % 2).to(float32).unsqueeze(1), corner, corner + side], 1);
        upstream = randn(512, 256, Bins, Bins);
    }

    [Benchmark]
    public void Forward() => RoiAlign.Pool(features, rois, Bins, Bins, 0.25, 2).Dispose();

    [Benchmark]
    public void ForwardAndBackward()
    {
        using var scope = NewDisposeScope();
        RoiAlign.Pool(leaf, rois, Bins, Bins, 0.25, 2).backward([upstream]);
        leaf.grad!.zero_();
    }
}
