using BenchmarkDotNet.Attributes;
using Vision.Ops;
using static TorchSharp.torch;

namespace Vision.Benchmarks;

/// <summary>The two filters of a dense CRF at 360×480 with 11 classes: by position alone, and by position and color.</summary>
public class GaussianFilterBenchmarks
{
    private const int Height = 360, Width = 480;
    private Tensor features = null!, values = null!;
    private GaussianFilter filter = null!;

    [Params(2, 5)]
    public int Dimensions { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        Tensor place = arange(Height * Width);
        Tensor position = stack([(place / Width).floor(), place % Width], 1).to(float32) / 30;
        features = Dimensions == 2 ? position * 10 : cat([position, rand(Height * Width, 3) * 5], 1);
        values = rand(Height * Width, 11);
        filter = new(features);
    }

    [Benchmark]
    public void Build() => new GaussianFilter(features).Dispose();

    [Benchmark]
    public void Filter() => filter.Apply(values).Dispose();
}
