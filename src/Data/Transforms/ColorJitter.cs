using OpenCvSharp;

namespace Vision.Data;

/// <summary>Changes brightness, contrast, saturation and hue at random and in random order, by torchvision's
/// definitions (its <c>ColorJitter</c>). Boxes stay as they are.</summary>
public sealed record ColorJitter : IImageTransform
{
    /// <summary>The brightness is multiplied by a factor in [max(0, 1 − b), 1 + b]. 0 leaves it.</summary>
    public double Brightness { get; init; }

    /// <summary>The contrast is multiplied by a factor in [max(0, 1 − c), 1 + c]. 0 leaves it.</summary>
    public double Contrast { get; init; }

    /// <summary>The saturation is multiplied by a factor in [max(0, 1 − s), 1 + s]. 0 leaves it.</summary>
    public double Saturation { get; init; }

    /// <summary>The hue is turned by a part of the circle in [−h, h], h at most 0.5. 0 leaves it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is above 0.5, half the circle.</exception>
    public double Hue
    {
        get;
        init => field = value <= 0.5 ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "The hue turns by half the circle, 0.5, at most.");
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
