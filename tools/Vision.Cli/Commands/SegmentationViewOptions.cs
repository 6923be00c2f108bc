using System.CommandLine;
using Vision.Cli.Prediction;
using Vision.Segmentation;

namespace Vision.Cli.Commands;

/// <summary>The options of <c>vision predict</c> and <c>vision eval</c> for segmenters.</summary>
internal sealed class SegmentationViewOptions
{
    private readonly Option<int?> side = CommonOptions.Count("--min-size",
        "Segmenters: the shorter side that images are resized to, in pixels; by default the one used in training.");
    private readonly Option<int?> window = CommonOptions.Count("--window",
        "Segmenters: process larger images in overlapping, blended windows of this side, in pixels, to bound memory.");
    private readonly Option<double[]> scales = new("--scales")
    {
        Description = "Segmenters: average the predictions at each of these scales; " +
            "0.5 0.75 1 1.25 1.5 is common if time does not matter.",
        HelpName = "X X", AllowMultipleArgumentsPerToken = true,
    };
    private readonly Option<bool> flip = new("--flip") { Description = "Segmenters: average with the prediction for the flipped image." };
    private readonly Option<bool> crf = new("--crf")
    {
        Description = "Segmenters: align class borders with edges of the image with a dense conditional random field.",
    };

    private readonly Option<double> past = new("--smooth")
    {
        Description = "Segmenters, on videos: the weight of the previous frame in each pixel, 0 to 1, moved along with the motion to " +
            "reduce flicker; 0 for no smoothing.",
        HelpName = "X", DefaultValueFactory = _ => new FlowSmootherOptions().Past,
    };

    /// <summary>All options.</summary>
    public IReadOnlyList<Option> All => [side, window, scales, flip, crf, past];

    /// <summary>How the model processes images.</summary>
    public SegmenterView View(ParseResult parsed, SegmenterView usual)
    {
        double[] given = parsed.GetValue(scales) ?? [];
        if (given.Any(scale => !(scale > 0))) throw new InputException($"--scales is {string.Join(' ', given)}; scales are above 0.");
        return usual with
        {
            ShorterSide = parsed.GetValue(side) ?? usual.ShorterSide,
            Window = parsed.GetValue(window) switch
            {
                null => null,
                < 32 and var small => throw new InputException($"--window is {small}; it must be 32 or more."),
                var fitting => fitting,
            },
            Scales = given.Length > 0 ? given : usual.Scales,
            Flip = parsed.GetValue(flip),
        };
    }

    /// <summary>Creates the step that turns probabilities into classes.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="isSequence">Whether images are the frames of a video, to smooth and to measure flicker.</param>
    public SegmentationPostprocessor Decision(ParseResult parsed, bool isSequence)
    {
        double share = parsed.GetValue(past);
        if (share is not (>= 0 and < 1)) throw new InputException($"--smooth is {share}; it must be 0 or more, and less than 1.");
        return new(
            parsed.GetValue(crf) ? new() : null,
            isSequence && share > 0 ? new(new() { Past = share }) : null,
            isSequence ? new() : null);
    }
}
