using Vision.Data;
using Vision.Detection;
using static TorchSharp.torch;

namespace Vision.Training;

/// <summary>The largest batches that a detector can get: images of sizes that are padded to each other, with the most objects.</summary>
internal sealed class LargestDetectorInput
{
    private const int Divisor = 32, MostCrowded = 64, MostSeeds = 1 << 20;

    private readonly DetectorOptions options;
    private readonly Targets[] crowded;
    private readonly (int Width, int Height)[] together;
    private readonly int least, objects;

    /// <summary>Finds the sizes and the objects.</summary>
    /// <param name="loaded">The images as they are loaded.</param>
    /// <param name="data">The training images.</param>
    /// <param name="options">The network's options.</param>
    /// <param name="task">What it predicts.</param>
    /// <param name="mixed">The number of images that are combined into one.</param>
    public LargestDetectorInput(LoadedImages loaded, DetectionDataset data, DetectorOptions options, DetectorTask task, int mixed)
    {
        this.options = options;
        crowded = [.. data.Samples.OrderByDescending(sample => sample.Objects.Count).Take(MostCrowded)];
        objects = mixed * crowded[0].Objects.Count;
        // These heads compute for every positive region, of which a trained network finds more than an untrained one.
        if (task is DetectorTask.Instance or DetectorTask.Keypoint)
            objects = Math.Max(objects, (int)(options.Roi.SamplesPerImage * options.Roi.PositiveFraction));

        (int Width, int Height) tallest = loaded.Sizes.MaxBy(size => Padded([size]).Height), widest =
            loaded.Sizes.MaxBy(size => Padded([size]).Width), largest = loaded.Sizes.MaxBy(size => Area(Padded([size])));
        bool pads = Area(Padded([tallest, widest])) > Area(Padded([largest]));
        together = pads ? [tallest, widest] : [largest];
        least = together.Length;
        Size = Padded(together);
    }

    /// <summary>The size that all images of such a batch have in the network, in pixels.</summary>
    public (int Width, int Height) Size { get; }

    /// <summary>The number of images from which on a batch has this size.</summary>
    public int LeastImages => least;

    /// <summary>Such a batch.</summary>
    public DetectionBatch Example(int images)
    {
        Targets[] targets = [.. Enumerable.Range(0, images).Select(Objects)];
        return new()
        {
            Images = [.. targets.Select(target => rand(3, target.Height, target.Width).DetachFromDisposeScope())], Targets = targets,
        };
    }

    /// <summary>A seed with which the first images of a batch get the largest of the sizes that the network chooses from.</summary>
    public long Seed()
    {
        int choices = options.TrainMinSizes.Count;
        if (choices < 2) return 0;
        int wanted = options.TrainMinSizes.ToList().IndexOf(options.TrainMinSizes.Max());
        using var scope = NewDisposeScope();
        for (long seed = 0; seed < MostSeeds; seed++)
        {
            manual_seed(seed);
            if (Enumerable.Range(0, least).All(_ => (int)(rand(1).item<float>() * choices) == wanted)) return seed;
        }
        return 0;
    }

    private Targets Objects(int image)
    {
        Targets sample = crowded[image % crowded.Length];
        (int width, int height) = together[image % together.Length];
        Targets moved = sample.Moved(width, height, AffineMap.Scale((double)width / sample.Width, (double)height / sample.Height));
        int count = sample == crowded[0] || objects > moved.Objects.Count ? objects : moved.Objects.Count;
        if (moved.Objects.Count == 0) return moved;
        return moved with { Objects = [.. Enumerable.Range(0, count).Select(i => moved.Objects[i % moved.Objects.Count])] };
    }

    private (int Width, int Height) Padded((int Width, int Height)[] sizes)
    {
        int shorter = options.TrainMinSizes.Count > 0 ? options.TrainMinSizes.Max() : options.MinSize;
        var resized = sizes.Select(size =>
        {
            double scale = Math.Min((double)shorter / Math.Min(size.Width, size.Height),
                (double)options.MaxSize / Math.Max(size.Width, size.Height));
            return (Width: size.Width * scale, Height: size.Height * scale);
        });
        return (RoundUp(resized.Max(size => size.Width)), RoundUp(resized.Max(size => size.Height)));
    }

    private static int RoundUp(double side) => (int)Math.Ceiling(Math.Floor(side + 1e-6) / Divisor) * Divisor;

    private static long Area((int Width, int Height) size) => (long)size.Width * size.Height;
}
