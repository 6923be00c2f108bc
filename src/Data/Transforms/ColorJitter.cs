using OpenCvSharp;

namespace Vision.Data;

/// <summary>Randomly changes brightness, contrast, saturation and hue, in random order, like torchvision's <c>ColorJitter</c>. The ground
/// truth is unchanged.</summary>
public sealed record ColorJitter : IImageTransform
{
    /// <summary>The brightness is multiplied by a factor in [max(0, 1 − b), 1 + b]. 0 for no change.</summary>
    public double Brightness { get; init; }

    /// <summary>The contrast is multiplied by a factor in [max(0, 1 − c), 1 + c]. 0 for no change.</summary>
    public double Contrast { get; init; }

    /// <summary>The saturation is multiplied by a factor in [max(0, 1 − s), 1 + s]. 0 for no change.</summary>
    public double Saturation { get; init; }

    /// <summary>The hue is shifted by a fraction of the color circle in [−h, h], h at most 0.5. 0 for no change.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is above 0.5, half the circle.</exception>
    public double Hue
    {
        get;
        init => field = value <= 0.5
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "The hue shift is at most 0.5, half the color circle.");
    }

    /// <inheritdoc/>
    public (Mat Image, Targets Targets) Apply(Mat image, Targets targets, Random random)
    {
        List<Action> changes = [];
        if (Brightness > 0) changes.Add(() => ColorAdjustment.Brightness(image, Factor(Brightness)));
        if (Contrast > 0) changes.Add(() => ColorAdjustment.Contrast(image, Factor(Contrast)));
        if (Saturation > 0) changes.Add(() => ColorAdjustment.Saturation(image, Factor(Saturation)));
        if (Hue > 0) changes.Add(() => ColorAdjustment.Hue(image, Between(-Hue, Hue)));
        Action[] order = [.. changes];
        random.Shuffle(order);
        foreach (Action change in order) change();
        return (image, targets);

        double Factor(double strength) => Between(Math.Max(0, 1 - strength), 1 + strength);
        double Between(double low, double high) => low + (high - low) * random.NextDouble();
    }
}
