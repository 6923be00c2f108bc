using Vision.Detection;
using Vision.Onnx.Building;
using Vision.Onnx.Exporting;
using Vision.Onnx.Lowering;

namespace Vision.Onnx.Detectors;

/// <summary>An image as a detector sees it: <see cref="DetectorInput"/> for one image, in a graph.</summary>
/// <param name="Pixels">[1, 3, H, W].</param>
/// <param name="Size">Height and width without padding, int64 [2].</param>
/// <param name="OriginalSize">Height and width before it was resized, int64 [2].</param>
internal sealed record PreparedImage(OnnxValue Pixels, OnnxValue Size, OnnxValue OriginalSize)
{
    /// <summary>Width, height, width and height without padding: float32 [4].</summary>
    public OnnxValue Limits => Corners(Size);

    /// <summary>Width, height, width and height of the original image: float32 [4].</summary>
    public OnnxValue OriginalLimits => Corners(OriginalSize);

    /// <summary>The factors from x, y, x and y here to those in the original image: float32 [4].</summary>
    public OnnxValue ToOriginal => OriginalLimits / Limits;

    /// <summary>Normalizes, resizes and pads an image.</summary>
    /// <param name="image">[1, 3, H, W], RGB in [0, 1].</param>
    /// <param name="input">The preprocessing.</param>
    /// <param name="padded">Whether it is padded.</param>
    public static PreparedImage Of(OnnxValue image, DetectorInput input, bool padded = true)
    {
        OnnxValue original = image.Sizes(2), size = ResizedSize(original, input);
        OnnxValue pixels = ExportedGraph.Normalized(image, input.Options.ImageMean, input.Options.ImageStd);
        pixels = ResizeLowerings.Bilinear(pixels, size);
        return new(padded ? Padded(pixels, size, input) : pixels, size, original);
    }

    /// <summary>The size that an image is resized to, in the same steps of single and double precision as the detector.</summary>
    private static OnnxValue ResizedSize(OnnxValue size, DetectorInput input)
    {
        OnnxGraphBuilder builder = size.Builder;
        (long shorter, long longer) = (input.Options.MinSize, input.Options.MaxSize);
        if (input.Fit == ResizeMode.Stretched) return builder.Const([longer, longer]);
        OnnxValue sides = size.Cast(DataType.Float);
        // Twice negative: runtimes turn 1 / a · b into b / a, which rounds differently.
        OnnxValue scale = builder.Op("Min",
            -1f / Reduced("ReduceMin", sides) * -(float)shorter, -1f / Reduced("ReduceMax", sides) * -(float)longer);
        OnnxValue resized = builder.Op("Floor", size.Cast(DataType.Double) * scale.Cast(DataType.Double)).Cast(DataType.Int64);
        return builder.Op("Max", resized, builder.Const(1L));
    }

    private static OnnxValue Reduced(string op, OnnxValue sides) => sides.Builder.Op(op, [sides], ("axes", (long[])[0]));

    /// <summary>Zeros at the right and bottom.</summary>
    private static OnnxValue Padded(OnnxValue pixels, OnnxValue size, DetectorInput input)
    {
        if (input.Fit == ResizeMode.Stretched) return pixels;
        OnnxGraphBuilder builder = pixels.Builder;
        long divisor = DetectorInput.SizeDivisor, side = input.Options.MaxSize;
        OnnxValue wanted = ((input.Fit == ResizeMode.Letterbox ? builder.Const([side, side]) : size) + (divisor - 1)) / divisor * divisor;
        return builder.Op("Pad", pixels, builder.Concat(0, builder.Const([0L, 0, 0, 0, 0, 0]), wanted - size));
    }

    private static OnnxValue Corners(OnnxValue size) => size.Gather(size.Builder.Const([1L, 0, 1, 0])).Cast(DataType.Float);
}
