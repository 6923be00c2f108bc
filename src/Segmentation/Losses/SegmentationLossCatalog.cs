using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Vision.Segmentation;

/// <summary>The losses of segmenters by name.</summary>
public static partial class SegmentationLossCatalog
{
    /// <summary>Cross-entropy plus Lovász-softmax, which improves small classes.</summary>
    public const string Default = "cross-entropy+lovasz";

    private static readonly SortedDictionary<string, Func<IReadOnlyList<float>?, SegmentationLoss>> losses = new(StringComparer.Ordinal)
    {
        ["boundary"] = _ => new Boundary(),
        ["cross-entropy"] = weights => new CrossEntropy(weights),
        ["dice"] = _ => Tversky.Dice(),
        ["focal"] = _ => new Focal(),
        ["jaccard"] = _ => Tversky.Jaccard(),
        ["lovasz"] = _ => new LovaszSoftmax(),
        ["ohem"] = _ => new OhemCrossEntropy(),
        ["tversky"] = _ => new Tversky(),
    };

    private static readonly ConditionalWeakTable<SegmentationLoss, Tuple<string, IReadOnlyList<float>?>> created = [];

    /// <summary>The names, sorted.</summary>
    public static IReadOnlyCollection<string> Names => losses.Keys;

    /// <summary>Creates a loss.</summary>
    /// <param name="names">One of <see cref="Names"/>, or the sum of several, joined by "+".</param>
    /// <param name="classWeights">A weight for each class, for the losses that take them: cross-entropy.</param>
    /// <exception cref="InputException">No loss has this name.</exception>
    public static SegmentationLoss Create(string names, IReadOnlyList<float>? classWeights = null)
    {
        SegmentationLoss[] parts = [.. names.Split('+').Select(name => losses.TryGetValue(name, out var create)
            ? create(classWeights)
            : throw new InputException($"No loss is called '{name}'; choose from {string.Join(", ", Names)}, joined by +."))];
        SegmentationLoss loss = parts is [var single] ? single : new WeightedLosses([.. parts.Select(part => (part, 1.0))]);
        created.Add(loss, new(names, classWeights));
        return loss;
    }

    /// <summary>The names and the class weights that <see cref="Create"/> made a loss from; null for any other loss.</summary>
    public static (string Names, IReadOnlyList<float>? ClassWeights)? OriginOf(SegmentationLoss loss) =>
        created.TryGetValue(loss, out var origin) ? (origin.Item1, origin.Item2) : null;

    /// <summary>The loss whose text is given; null if it is none of the toolkit's.</summary>
    /// <param name="text">What <see cref="SegmentationLoss.ToString"/> returned.</param>
    public static SegmentationLoss? Parse(string text)
    {
        List<(SegmentationLoss, double)> parts = [];
        bool weighted = false;
        foreach (string part in text.Split(" + "))
        {
            if (Part().Match(part) is not { Success: true } match) return null;
            double[] values = [.. match.Groups["value"].Captures.Select(value => double.Parse(value.Value, CultureInfo.InvariantCulture))];
            SegmentationLoss? loss = (match.Groups["name"].Value, values) switch
            {
                (nameof(Boundary), [var width, var tolerance]) => new Boundary((int)width, (int)tolerance),
                (nameof(CrossEntropy), []) => new CrossEntropy(),
                (nameof(CrossEntropy), _) => new CrossEntropy([.. values.Select(value => (float)value)]),
                (nameof(Focal), [var gamma]) => new Focal(gamma),
                (nameof(LovaszSoftmax), []) => new LovaszSoftmax(),
                (nameof(OhemCrossEntropy), [var easy, var share]) => new OhemCrossEntropy(easy, share),
                (nameof(Tversky), [var alpha, var beta]) => new Tversky(alpha, beta),
                _ => null,
            };
            if (loss is null) return null;
            weighted |= match.Groups["weight"].Success;
            parts.Add((loss, match.Groups["weight"].Success
                ? double.Parse(match.Groups["weight"].Value, CultureInfo.InvariantCulture) : 1));
        }
        return parts is [(var single, _)] && !weighted ? single : new WeightedLosses([.. parts]);
    }

    [GeneratedRegex(@"^((?<weight>[-+.0-9Ee]+) )?(?<name>\w+)(\((?<value>[-+.0-9Ee]+)(, (?<value>[-+.0-9Ee]+))*\))?$",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Part();
}
