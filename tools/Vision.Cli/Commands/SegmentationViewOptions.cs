using System.CommandLine;
using Vision.Cli.Prediction;
using Vision.Data;
using Vision.Segmentation;

namespace Vision.Cli.Commands;

/// <summary>The options of <c>vision predict</c> and <c>vision eval</c> that are for segmenters.</summary>
internal sealed class SegmentationViewOptions
{
    private readonly Option<int?> side =
        CommonOptions.Count("--min-size",
            "Segmenters: the shorter side that images are resized to, in pixels; by default that of training.");
    private readonly Option<int?> window =
        CommonOptions.Count("--window",
            "Segmenters: cut larger images into windows of this side, in pixels, that overlap and are blended: memory is then bounded.");
    private readonly Option<double[]> scales =
        new("--scales") { Description = "Segmenters: average the predictions at each of these scales; 0.5 0.75 1 1.25 1.5 is usual where " +
        "time does not count.", HelpName = "X X", AllowMultipleArgumentsPerToken = true };
    private readonly Option<bool> flip = new("--flip") { Description = "Segmenters: average with the prediction for the mirrored image." };
    private readonly Option<bool> crf =
        new("--crf") { Description =
            "Segmenters: draw the borders of classes to those of the image with a dense conditional random field." };

    private readonly Option<double> past =
        new("--smooth") { Description = "Segmenters, on videos: the share of the frame before in each pixel, 0 to 1, carried along with " +
        "the motion against flicker; 0 for none.", HelpName = "X", DefaultValueFactory = _ => new FlowSmootherOptions().Past };

    /// <summary>All of them.</summary>
    public IReadOnlyList<Option> All => [side, window, scales, flip, crf, past];

    /// <summary>How the model sees images.</summary>
    public SegmenterView View(ParseResult parsed, SegmenterView usual)
    {
        double[] given = parsed.GetValue(scales) ?? [];
        if (given.Any(scale => !(scale > 0))) throw new InputException($"--scales is {string.Join(' ', given)}; scales are above 0.");
        return usual with
        {
            ShorterSide = parsed.GetValue(side) ?? usual.ShorterSide,
            Window = parsed.GetValue(window) switch { null =>
                null, < 32 and var small => throw new InputException($"--window is {small}; it is 32 or more."), var fitting => fitting },
            Scales = given.Length > 0 ? given : usual.Scales,
            Flip = parsed.GetValue(flip),
        };
    }

    /// <summary>How probabilities become classes.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="isSequence">Whether images are the frames of a video, to be smoothed and watched for flicker.</param>
    public MapDecision Decision(ParseResult parsed, bool isSequence)
    {
        double share = parsed.GetValue(past);
        if (share is not (>= 0 and < 1)) throw new InputException($"--smooth is {share}; it is 0 or more, and less than 1.");
        return new(parsed.GetValue(crf) ? new() : null, isSequence && share > 0 ? new(new() { Past = share }) : null,
            isSequence ? new() : null);
    }
}
