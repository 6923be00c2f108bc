using Vision.Data;
using Vision.Segmentation;

namespace Vision.Training;

/// <summary>How a segmenter is trained.</summary>
public sealed record SegmenterTrainingOptions : TrainingOptions
{
    private const int DefaultSide = 520;

    /// <summary>A backbone in place of the one in the model's name.</summary>
    public string? Backbone { get; init; }

    /// <summary>The shorter side that images are resized to, in pixels: 520 as for torchvision's segmenters.</summary>
    public int MinSize { get; init; } = DefaultSide;

    /// <summary>The shorter side of the crops of training images, in pixels; null for <see cref="MinSize"/>.</summary>
    public int? CropSize { get; init; }

    /// <summary>The range of the random factor by which training images are scaled before cropping.</summary>
    public (double Least, double Greatest) Scales { get; init; } = (0.5, 2);

    /// <summary>The loss; null for cross-entropy plus Lovász-softmax, which improves small classes.</summary>
    public SegmentationLoss? Loss { get; init; }

    /// <summary>Changes any other option of the network; receives the defaults with the settings made here.</summary>
    public Func<SegmenterOptions, SegmenterOptions>? Configure { get; init; }

    /// <summary>The network's options for a data set.</summary>
    internal SegmenterOptions Network(SegmentationDataset training)
    {
        SegmenterOptions options = new() { NumClasses = training.Categories.Count, Backbone = Backbone };
        return Configure?.Invoke(options) ?? options;
    }

    /// <summary>The transform of training images: scaling, cropping to equal size, flipping, color jitter.</summary>
    internal IImageTransform Transform(SegmentationDataset training, (int Width, int Height) window)
    {
        (int width, int height) = SizeAt(MinSize, training);
        IImageTransform[] usual = Augmentation.Create(Flip, ColorJitter) is { } changes ? [changes] : [];
        return new Compose(
        [
            new ScaleJitter { Width = width, Height = height, Least = Scales.Least, Greatest = Scales.Greatest },
            new ClassBalancedCrop { Width = window.Width, Height = window.Height },
            .. usual,
        ]);
    }

    /// <summary>The size of a data set's first image when scaled to a given shorter side.</summary>
    internal static (int Width, int Height) SizeAt(int side, SegmentationDataset data)
    {
        (int width, int height) = ImageFile.ReadSize(data.Samples[0].File);
        double scale = (double)side / Math.Min(width, height);
        return ((int)Math.Round(width * scale), (int)Math.Round(height * scale));
    }
}
