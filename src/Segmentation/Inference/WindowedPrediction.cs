using static TorchSharp.torch;

namespace Vision.Segmentation;

/// <summary>
/// One prediction of an image, in overlapping windows that are blended, or of the whole at once. It proceeds from top to bottom as
/// rows are requested, and keeps only the rows that current windows cover.
/// </summary>
internal sealed class WindowedPrediction : IDisposable
{
    private readonly ISegmenter model;
    private readonly RowSource image;
    private readonly int rows, columns;
    private readonly double overlap;
    private readonly int[] tops, lefts;
    private int next, start;                        // the next row of windows; the first kept row of pixels
    private Tensor? sum, weights;                   // [classes, kept, W] and [kept, W]

    /// <summary>A prediction in which no window is computed yet.</summary>
    /// <param name="model">The segmenter.</param>
    /// <param name="image">The image.</param>
    /// <param name="side">Side of the windows in pixels; null for the whole image at once.</param>
    /// <param name="overlap">The fraction of a window that overlaps the next one, in [0, 1).</param>
    public WindowedPrediction(ISegmenter model, RowSource image, int? side, double overlap)
    {
        (this.model, this.image, this.overlap) = (model, image, overlap);
        (rows, columns) = (Math.Min(side ?? image.Height, image.Height), Math.Min(side ?? image.Width, image.Width));
        (tops, lefts) = (Starts(image.Height, rows), Starts(image.Width, columns));
    }

    /// <summary>The number of rows of pixels in memory.</summary>
    public int Kept => (int)(sum?.shape[1] ?? 0);

    /// <summary>
    /// The probabilities of some rows, [classes, count, W]. <paramref name="first"/> must not decrease from call to call.
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

    /// <summary>Predicts the next row of windows, and discards the rows above <paramref name="first"/>.</summary>
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
        return model.Logits(pixels, pixels.shape[1], pixels.shape[2]).softmax(1)[0].MoveToOuterDisposeScope();
    }

    /// <summary>The offsets of the windows: evenly spaced with at least the requested overlap, the last one at the end.</summary>
    private int[] Starts(int length, int side)
    {
        if (length <= side) return [0];
        int step = Math.Max(1, (int)(side * (1 - overlap))), count = (length - side + step - 1) / step + 1;
        return [.. Enumerable.Range(0, count).Select(i => (int)Math.Round((double)i * (length - side) / (count - 1)))];
    }

    /// <summary>
    /// Weights along a side, which increase from the border over the overlap: a window's border, which lacks context, counts little.
    /// </summary>
    private Tensor Fade(int side)
    {
        int band = Math.Max(1, (int)(side * overlap));
        Tensor place = arange(side).to(float32) + 0.5;                              // from the border, in pixels
        return place.minimum(side - place).clamp(max: band) / band;
    }
}
