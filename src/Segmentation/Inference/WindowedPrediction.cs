using TorchSharp;
using static TorchSharp.torch;

namespace Vision.Segmentation;

/// <summary>
/// One look at an image, through windows that overlap and fade into each other, or at all of it at once. It goes from top to bottom as
/// rows are asked for, and keeps no more of them than the windows that they lie in.
/// </summary>
internal sealed class WindowedPrediction : IDisposable
{
    private readonly Segmenter model;
    private readonly RowSource image;
    private readonly int rows, columns;
    private readonly double overlap;
    private readonly int[] tops, lefts;
    private int next, start;                        // the next row of windows; the first row of pixels that is kept
    private Tensor? sum, weights;                   // [classes, kept, W] and [kept, W]

    /// <summary>Nothing is looked at yet.</summary>
    /// <param name="model">The segmenter.</param>
    /// <param name="image">At what.</param>
    /// <param name="side">Side of the windows in pixels; null for all at once.</param>
    /// <param name="overlap">The part of a window that the next one sees again, in [0, 1).</param>
    public WindowedPrediction(Segmenter model, RowSource image, int? side, double overlap)
    {
        (this.model, this.image, this.overlap) = (model, image, overlap);
        (rows, columns) = (Math.Min(side ?? image.Height, image.Height), Math.Min(side ?? image.Width, image.Width));
        (tops, lefts) = (Starts(image.Height, rows), Starts(image.Width, columns));
    }

    /// <summary>The rows of pixels that are kept in memory.</summary>
    public int Kept => (int)(sum?.shape[1] ?? 0);

    /// <summary>
    /// The probabilities of some rows, [classes, count, W]. The first may be one that was given before, but none above the first of then.
    /// </summary>
    public Tensor Rows(int first, int count)
    {
        while (next < tops.Length && tops[next] < first + count) LookAtNext(first);
        using var scope = NewDisposeScope();
        Tensor given = sum!.narrow(1, first - start, count);
        return (weights is null ? given.alias() : given / weights.narrow(0, first - start, count)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        sum?.Dispose();
        weights?.Dispose();
    }

    /// <summary>Looks through the next row of windows, and forgets what lies above <paramref name="first"/>.</summary>
    private void LookAtNext(int first)
    {
        using var scope = NewDisposeScope();
        int top = tops[next++];
        Tensor stripe = image.Rows(top, rows);
        if (tops.Length == 1 && lefts.Length == 1)
        {
            sum = Predicted(stripe).DetachFromDisposeScope();
            return;
        }
        int kept = Math.Max(start, Math.Min(first, top)), end = top + rows;
        Tensor nextSum = zeros(model.NumClasses, end - kept, image.Width, device: stripe.device);
        Tensor nextWeights = zeros(end - kept, image.Width, device: stripe.device);
        if (sum is not null && start + Kept is var before && before > kept)
        {
            nextSum.narrow(1, 0, before - kept).copy_(sum.narrow(1, kept - start, before - kept));
            nextWeights.narrow(0, 0, before - kept).copy_(weights!.narrow(0, kept - start, before - kept));
        }
        Tensor weight = (Fade(rows).unsqueeze(1) * Fade(columns)).to(stripe.device);           // [rows, columns]
        foreach (int left in lefts)
        {
            using var windowScope = NewDisposeScope();
            nextSum.narrow(1, top - kept, rows).narrow(2, left, columns).add_(Predicted(stripe.narrow(2, left, columns)) * weight);
            nextWeights.narrow(0, top - kept, rows).narrow(1, left, columns).add_(weight);
        }
        Dispose();
        (sum, weights, start) = (nextSum.DetachFromDisposeScope(), nextWeights.DetachFromDisposeScope(), kept);
    }

    private Tensor Predicted(Tensor pixels)
    {
        using var scope = NewDisposeScope();
        return model.Logits(pixels).softmax(1)[0].MoveToOuterDisposeScope();
    }

    /// <summary>Where windows begin: evenly spread, with the least overlap that was asked for, the last at the end.</summary>
    private int[] Starts(int length, int side)
    {
        if (length <= side) return [0];
        int step = Math.Max(1, (int)(side * (1 - overlap))), count = (length - side + step - 1) / step + 1;
        return [.. Enumerable.Range(0, count).Select(i => (int)Math.Round((double)i * (length - side) / (count - 1)))];
    }

    /// <summary>
    /// Weights along a side: growing from the border over the overlap, so that a window's border, which lacks context, says little.
    /// </summary>
    private Tensor Fade(int side)
    {
        int band = Math.Max(1, (int)(side * overlap));
        Tensor place = arange(side).to(float32) + 0.5;                              // from the border, in pixels
        return place.minimum(side - place).clamp(max: band) / band;
    }
}
