using BenchmarkDotNet.Attributes;
using Vision.Ops;
using static TorchSharp.torch;

namespace Vision.Benchmarks;

/// <summary>Suppression among proposals (one class) and among detections (eighty).</summary>
public class NmsBenchmarks
{
    private Tensor boxes = null!, scores = null!, classes = null!;

    [Params(1000, 4000, 12000)]
    public int Count { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        Tensor corner = rand(Count, 2) * 800;
        boxes = cat([corner, corner + rand(Count, 2) * 100], 1);
        (scores, classes) = (rand(Count), randint(0, 80, Count, int64));
    }

    [Benchmark]
    public void OneClass() => Nms.Keep(boxes, scores, 0.7).Dispose();

    [Benchmark]
    public void EightyClasses() => Nms.KeepPerClass(boxes, scores, classes, 0.5).Dispose();
}
