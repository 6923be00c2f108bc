using TorchSharp;
using Vision.Data;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Vision.Segmentation;

/// <summary>Looks at an image as a <see cref="SegmenterView"/> says.</summary>
public sealed class SegmenterViews
{
    private const int LeastWindow = 32;

    private readonly Segmenter model;
    private readonly SegmenterView view;

    /// <summary>Views of a model, in evaluation mode.</summary>
    /// <exception cref="ArgumentException">There is no scale, or one is not above 0; or the window or its overlap has no meaning.</exception>
    public SegmenterViews(Segmenter model, SegmenterView view)
    {
        if (view.Scales.Count == 0 || view.Scales.Any(scale => !(scale > 0))) throw new ArgumentException($"The scales are [{string.Join(", ", view.Scales)}]; expected one or more, above 0.", nameof(view));
        if (view.Window is < LeastWindow) throw new ArgumentException($"The window is {view.Window} pixels; expected {LeastWindow} or more.", nameof(view));
        if (view.Overlap is not (>= 0 and < 1)) throw new ArgumentException($"The overlap is {view.Overlap}; expected one in [0, 1).", nameof(view));
        (this.model, this.view) = (model, view);
    }

    /// <summary>The probability of each class at each pixel, float32 [classes, H, W]. Never records a gradient.</summary>
    /// <param name="image">RGB, float32 in [0, 1], [3, H, W], of any size; on any device.</param>
    public Tensor Probabilities(Tensor image)
    {
        using var noGradient = inference_mode();
        using var scope = NewDisposeScope();
        long height = image.shape[1], width = image.shape[2];
        Tensor? fused = null;
        double own = view.ShorterSide is { } shorter ? (double)shorter / Math.Min(height, width) : 1;
        foreach (double scale in view.Scales.Select(scale => scale * own))
        {
            using var passScope = NewDisposeScope();
            Tensor scaled = scale == 1 ? image : interpolate(image.unsqueeze(0), [Scaled(height, scale), Scaled(width, scale)], mode: InterpolationMode.Bilinear, align_corners: false)[0];
            Tensor seen = Seen(scaled);                                             // [1, classes, h, w]
            if (view.Flip) seen = (seen + Seen(scaled.flip(2)).flip(3)) / 2;
            seen = Resampling.To(seen, height, width)[0];
            fused = (fused is null ? seen : view.Fusion == ViewFusion.Max ? fused.maximum(seen) : fused + seen).MoveToOuterDisposeScope();
        }
        // Of a single look they sum to 1 already.
        return (view.Scales.Count == 1 ? fused! : fused! / fused!.sum(0, true)).MoveToOuterDisposeScope();
    }

    /// <summary>One look at an image: probabilities [1, classes, h, w].</summary>
    private Tensor Seen(Tensor image)
    {
        int height = (int)image.shape[1], width = (int)image.shape[2];
        return view.Window is { } side && (height > side || width > side) ? Windowed(image, height, width, side) : Whole(image);
    }

    private Tensor Whole(Tensor image)
    {
        using var scope = NewDisposeScope();
        return model.Logits(image).softmax(1).MoveToOuterDisposeScope();
    }

    private Tensor Windowed(Tensor image, int height, int width, int side)
    {
        using var scope = NewDisposeScope();
        Tensor sum = zeros(1, model.NumClasses, height, width), weights = zeros(height, width);
        foreach (int top in Starts(height, side))
            foreach (int left in Starts(width, side))
            {
                using var windowScope = NewDisposeScope();
                int rows = Math.Min(side, height), columns = Math.Min(side, width);
                Tensor weight = Fade(rows).unsqueeze(1) * Fade(columns);            // [rows, columns]
                Tensor seen = Whole(image.narrow(1, top, rows).narrow(2, left, columns)).cpu();
                sum.narrow(2, top, rows).narrow(3, left, columns).add_(seen * weight);
                weights.narrow(0, top, rows).narrow(1, left, columns).add_(weight);
            }
        return (sum / weights).MoveToOuterDisposeScope();
    }

    /// <summary>Where windows begin: evenly spread, with the least overlap that was asked for, the last at the end.</summary>
    private int[] Starts(int length, int side)
    {
        if (length <= side) return [0];
        int step = Math.Max(1, (int)(side * (1 - view.Overlap))), count = (length - side + step - 1) / step + 1;
        return [.. Enumerable.Range(0, count).Select(i => (int)Math.Round((double)i * (length - side) / (count - 1)))];
    }

    /// <summary>Weights along a side: growing from the border over the overlap, so that a window's border, which lacks context, says little.</summary>
    private Tensor Fade(int side)
    {
        int band = Math.Max(1, (int)(side * view.Overlap));
        Tensor place = arange(side).to(float32) + 0.5;                              // from the border, in pixels
        return place.minimum(side - place).clamp(max: band) / band;
    }

    /// <summary>The most probable class of each pixel.</summary>
    /// <param name="image">As of <see cref="Probabilities"/>.</param>
    public SegmentationMap Map(Tensor image)
    {
        using var scope = NewDisposeScope();
        return MapOf(Probabilities(image));
    }

    /// <summary>The most probable class of each pixel, of probabilities or logits [classes, H, W].</summary>
    public static SegmentationMap MapOf(Tensor probabilities)
    {
        using var scope = NewDisposeScope();
        // Not argmax, which takes libtorch several times as long across the outermost dimension.
        Tensor classes = probabilities.max(0).indexes.to(ScalarType.Byte).cpu().contiguous();
        return new((int)classes.shape[1], (int)classes.shape[0], classes.bytes.ToArray());
    }

    private static long Scaled(long side, double scale) => Math.Max(1, (long)Math.Round(side * scale));
}
