using System.Diagnostics;
using Vision.Data;
using static TorchSharp.torch;

namespace Vision.Onnx;

/// <summary>Collects the differences of two models, prediction by prediction.</summary>
internal sealed class ComparisonSums
{
    // Less overlap is another object.
    private const double LeastIou = 0.5;

    private int images;
    private long alike, total;
    private double difference, shift;
    private readonly Duration ofNetwork = new(), ofFile = new();

    /// <summary>A prediction of the network, whose time is taken.</summary>
    public T Network<T>(Func<T> predict, long count = 1) => ofNetwork.Of(predict, count);

    /// <summary>A prediction of the file, whose time is taken.</summary>
    public T File<T>(Func<T> predict, long count = 1) => ofFile.Of(predict, count);

    /// <summary>Compares probabilities.</summary>
    /// <param name="network">Of one model, [N, classes] or [classes, H, W].</param>
    /// <param name="file">Of the other.</param>
    /// <param name="classes">The dimension of the classes.</param>
    /// <param name="count">The number of images.</param>
    public void Add(Tensor network, Tensor file, int classes, int count)
    {
        using var scope = NewDisposeScope();
        (Tensor a, Tensor b) = (network.cpu(), file.cpu());
        difference = Math.Max(difference, (a - b).abs().max().item<float>());
        Tensor equal = a.max(classes).indexes.eq(b.max(classes).indexes);
        alike += equal.sum().item<long>();
        total += equal.numel();
        images += count;
    }

    /// <summary>Compares the objects in one image: each with the most overlapping one of the same class.</summary>
    public void Add(Detections network, Detections file)
    {
        HashSet<int> free = [.. Enumerable.Range(0, file.Count)];
        for (int i = 0; i < network.Count; i++)
        {
            int best = free.Where(j => file.Labels[j] == network.Labels[i] && network.Boxes[i].Iou(file.Boxes[j]) >= LeastIou)
                .OrderByDescending(j => network.Boxes[i].Iou(file.Boxes[j])).FirstOrDefault(-1);
            if (best < 0) continue;
            free.Remove(best);
            alike += 2;
            difference = Math.Max(difference, Math.Abs(network.Scores[i] - file.Scores[best]));
            shift = Math.Max(shift, ShiftOf(network.Boxes[i], file.Boxes[best]));
            if (network.Keypoints is { } points && file.Keypoints is { } others)
                shift = Math.Max(shift, points[i].Zip(others[best], (a, b) => Math.Max(Math.Abs(a.X - b.X), Math.Abs(a.Y - b.Y))).Max());
        }
        total += network.Count + file.Count;
        images++;
    }

    /// <summary>The comparison of all predictions so far.</summary>
    public OnnxComparison Result(params (string Name, double Network, double File)[] figures) => new()
    {
        Images = images, LargestDifference = difference, LargestShift = shift, Agreement = total == 0 ? 1 : (double)alike / total,
        Milliseconds = (ofNetwork.Milliseconds, ofFile.Milliseconds), Figures = figures,
    };

    /// <summary>The times of predictions.</summary>
    private sealed class Duration
    {
        private readonly List<double> times = [];

        // The first one takes memory and compiles code.
        public double Milliseconds => times.Skip(times.Count > 1 ? 1 : 0).Order().ToArray() is { Length: > 0 } sorted
            ? sorted[sorted.Length / 2] : 0;

        public T Of<T>(Func<T> predict, long count)
        {
            long start = Stopwatch.GetTimestamp();
            T result = predict();
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds / count);
            return result;
        }
    }

    private static double ShiftOf(Box a, Box b) => Math.Max(
        Math.Max(Math.Abs(a.X1 - b.X1), Math.Abs(a.Y1 - b.Y1)), Math.Max(Math.Abs(a.X2 - b.X2), Math.Abs(a.Y2 - b.Y2)));
}
