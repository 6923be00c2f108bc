using BenchmarkDotNet.Attributes;
using Vision.Ops;
using static TorchSharp.torch;

namespace Vision.Benchmarks;

/// <summary>Sorting long rows, compared with libtorch's own sort.</summary>
public class RowSortBenchmarks
{
    private readonly Tensor values = rand(4, 300_000);

    [Benchmark]
    public void Descending() => RowSort.Descending(values).Dispose();

    [Benchmark(Baseline = true)]
    public void Libtorch() => values.argsort(1, true).Dispose();
}
