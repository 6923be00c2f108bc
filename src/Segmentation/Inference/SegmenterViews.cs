using OpenCvSharp;
using TorchSharp;
using Vision.Data;
using Vision.Ops.Resampling;
using static TorchSharp.torch;

namespace Vision.Segmentation;

/// <summary>
/// Predicts an image according to a <see cref="SegmenterView"/>: stripe by stripe from top to bottom, so that classes can be predicted
/// even if the probabilities of the whole image do not fit into memory.
/// </summary>
public sealed class SegmenterViews
{
    private const int LeastWindow = 32, StripeNumbers = 1 << 22;

    private readonly ISegmenter model;
    private readonly SegmenterView view;
    private readonly int stripeNumbers;

    /// <summary>Views of a model, in evaluation mode.</summary>
    /// <exception cref="ArgumentException">There is no scale, a scale is not above 0, or the
    /// window or its overlap is out of range.</exception>
    public SegmenterViews(ISegmenter model, SegmenterView view) : this(model, view, StripeNumbers) { }

    /// <summary>Views in stripes of about <paramref name="stripeNumbers"/> probabilities.</summary>
    internal SegmenterViews(ISegmenter model, SegmenterView view, int stripeNumbers)
    {
        if (view.Scales.Count == 0 || view.Scales.Any(scale => !(scale > 0)))
            throw new ArgumentException($"The scales are [{string.Join(", ", view.Scales)}]; expected numbers above 0.", nameof(view));
        if (view.Window is < LeastWindow)
            throw new ArgumentException($"The window is {view.Window} pixels; expected {LeastWindow} or more.", nameof(view));
        if (view.Overlap is not (>= 0 and < 1))
            throw new ArgumentException($"The overlap is {view.Overlap}; expected a value in [0, 1).", nameof(view));
        (this.model, this.view, this.stripeNumbers) = (model, view, stripeNumbers);
    }

    /// <summary>
    /// The probability of each class at each pixel, float32 [classes, H, W], on the model's device. No gradients are recorded.
    /// </summary>
    /// <param name="image">RGB, [3, H, W], float32 in [0, 1] or uint8, of any size; on any device.</param>
    public Tensor Probabilities(Tensor image)
    {
        using var scope = NewDisposeScope();
        List<Tensor> stripes = [];
        PredictStripes(RowSource.Of(image, Device), (_, stripe) => stripes.Add(stripe.MoveToOuterDisposeScope()));
        return (stripes.Count == 1 ? stripes[0] : cat(stripes, 1)).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The most probable class of each pixel. Memory is only needed for stripes of probabilities, which are as high as a window if there
    /// are windows.
    /// </summary>
    /// <param name="image">As in <see cref="Probabilities"/>.</param>
    public SegmentationMap Map(Tensor image) =>
        IsWhole(image.shape[1], image.shape[2]) ? MapOfWhole(image) : Map(RowSource.Of(image, Device));

    /// <summary>The most probable class of each pixel. The image is also converted to floats stripe by stripe.</summary>
    /// <param name="image">RGB, 8 bits, of any size.</param>
    public SegmentationMap Map(Mat image)
    {
        if (!IsWhole(image.Rows, image.Cols)) return Map(RowSource.Of(image, Device));
        using Tensor pixels = ImageTensor.Bytes(image);
        return MapOfWhole(pixels);
    }

    /// <summary>The most probable class of each pixel, given probabilities or logits [classes, H, W].</summary>
    public static SegmentationMap MapOf(Tensor probabilities) =>
        new((int)probabilities.shape[2], (int)probabilities.shape[1], ClassesOf(probabilities));

    /// <summary>
    /// Passes the first row and the probabilities [classes, rows, W] of each stripe of the image to a callback, from top to bottom.
    /// </summary>
    internal void PredictStripes(RowSource image, Action<int, Tensor> take)
    {
        using var noGradient = inference_mode();
        double own = OwnScale(image.Height, image.Width);
        List<WindowedPrediction> predictions = [];
        try
        {
            RowSource[] scales = [.. view.Scales.Select(scale => Predicted(Scaled(image, scale * own), predictions))];
            scales = [.. scales.Select(scale => scale.Scaled(image.Height, image.Width))];
            int step = (int)Math.Clamp(stripeNumbers / ((long)model.NumClasses * image.Width), 1, image.Height);
            for (int top = 0; top < image.Height; top += step)
            {
                using var scope = NewDisposeScope();
                int rows = Math.Min(step, image.Height - top);
                Tensor fused = scales.Select(scale => scale.Rows(top, rows))
                    .Aggregate((a, b) => view.Fusion == ViewFusion.Max ? a.maximum(b) : a + b);
                // The probabilities of a single prediction already sum to 1.
                take(top, scales.Length == 1 ? fused : fused / fused.sum(0, true));
            }
        }
        finally
        {
            foreach (WindowedPrediction prediction in predictions) prediction.Dispose();
        }
    }

    /// <summary>The probabilities of an image at one scale, averaged with those of the flipped image if requested.</summary>
    private RowSource Predicted(RowSource image, List<WindowedPrediction> predictions)
    {
        WindowedPrediction plain = new(model, image, view.Window, view.Overlap);
        predictions.Add(plain);
        if (!view.Flip) return image with { Rows = plain.Rows };
        WindowedPrediction mirrored = new(model, image.Mirrored, view.Window, view.Overlap);
        predictions.Add(mirrored);
        return image with { Rows = (first, count) => (plain.Rows(first, count) + mirrored.Rows(first, count).flip(2)) / 2 };
    }

    private SegmentationMap Map(RowSource image)
    {
        byte[] classes = new byte[checked(image.Height * image.Width)];
        PredictStripes(image, (top, stripe) => ClassesOf(stripe).CopyTo(classes, top * image.Width));
        return new(image.Width, image.Height, classes);
    }

    /// <summary>Whether an image is predicted once, as a whole, on the CPU: then neither the resized image nor probabilities are needed
    /// beside the network's input and output.</summary>
    private bool IsWhole(long height, long width) => view is { Scales.Count: 1, Flip: false } && Device.type == DeviceType.CPU
        && (view.Window is not { } window || SizeIn(height, width) is var size && Math.Max(size.Height, size.Width) <= window);

    private SegmentationMap MapOfWhole(Tensor image)
    {
        using var noGradient = inference_mode();
        using var scope = NewDisposeScope();
        (int height, int width) = ((int)image.shape[1], (int)image.shape[2]);
        (int Height, int Width) size = SizeIn(height, width);
        Tensor logits = model.Logits(image, size.Height, size.Width)[0].to(float32);                        // [classes, h, w]
        return new(width, height, ResizedArgmax.Of(logits, height, width));
    }

    private static byte[] ClassesOf(Tensor probabilities)
    {
        using var scope = NewDisposeScope();
        // Not argmax, which is several times slower in libtorch across the outermost dimension.
        return probabilities.max(0).indexes.to(ScalarType.Byte).cpu().contiguous().bytes.ToArray();
    }

    private Device Device => model.Device;

    private static RowSource Scaled(RowSource image, double scale) => image.Scaled(Side(image.Height, scale), Side(image.Width, scale));

    private (int Height, int Width) SizeIn(long height, long width)
    {
        double scale = view.Scales[0] * OwnScale(height, width);
        return (Side(height, scale), Side(width, scale));
    }

    /// <summary>The factor that gives an image the view's shorter side.</summary>
    private double OwnScale(long height, long width) => view.ShorterSide is { } side ? (double)side / Math.Min(height, width) : 1;

    private static int Side(long side, double scale) => Math.Max(1, (int)Math.Round(side * scale));
}
