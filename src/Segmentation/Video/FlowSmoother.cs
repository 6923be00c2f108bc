using OpenCvSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Vision.Segmentation;

/// <summary>
/// Reduces the flickering of a video's segmentation: the previous frame's probabilities are warped by optical
/// flow (Farnebäck 2003, doi:10.1007/3-540-45103-X_50) and blended in wherever the warped image still
/// looks the same. Newly visible regions and cuts use the current frame alone.
/// </summary>
/// <remarks>It keeps the state of one frame; pass it the frames of one video in order.</remarks>
public sealed class FlowSmoother : IDisposable
{
    private const int Levels = 4, Window = 15, Iterations = 2, Neighborhood = 5;
    private const double Shrink = 0.5, Spread = 1.1;

    private readonly FlowSmootherOptions options;
    private Mat? before;                // gray, at the size of the optical flow
    private Tensor? past;               // [C, H, W]

    /// <summary>A smoother without a previous frame.</summary>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public FlowSmoother(FlowSmootherOptions? options = null)
    {
        this.options = options ??= new();
        if (options.Past is not (>= 0 and < 1) || !(options.Tolerance > 0) || options.ShorterSide < 16)
            throw new ArgumentException(
                $"The past is {options.Past}, the tolerance {options.Tolerance} and the shorter side {options.ShorterSide}; expected a " +
                "past in [0, 1), a tolerance above 0, and 16 pixels or more.", nameof(options));
    }

    /// <summary>The next frame's probabilities, smoothed.</summary>
    /// <param name="frame">RGB, 8 bits.</param>
    /// <param name="probabilities">Float32 [C, H, W], of the frame's size.</param>
    /// <returns>Probabilities of the same shape, on the same device. No gradients are recorded.</returns>
    /// <exception cref="ArgumentException">The probabilities do not have the frame's size.</exception>
    public Tensor Smooth(Mat frame, Tensor probabilities)
    {
        if (probabilities.dim() != 3 || probabilities.shape[1] != frame.Rows || probabilities.shape[2] != frame.Cols)
            throw new ArgumentException(
                $"The probabilities are [{string.Join(", ", probabilities.shape)}] for a frame of {frame.Cols}×{frame.Rows} pixels; " +
                $"expected [C, {frame.Rows}, {frame.Cols}].", nameof(probabilities));
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        Mat gray = Gray(frame);
        Tensor smoothed = past is not null && past.shape.SequenceEqual(probabilities.shape)
            ? Mixed(gray, probabilities)
            : probabilities.alias();
        before?.Dispose();
        past?.Dispose();
        before = gray;
        past = smoothed.clone().DetachFromDisposeScope();
        return smoothed.MoveToOuterDisposeScope();
    }

    /// <summary>Discards the previous frame.</summary>
    public void Dispose()
    {
        before?.Dispose();
        past?.Dispose();
        (before, past) = (null, null);
    }

    private Tensor Mixed(Mat gray, Tensor probabilities)
    {
        long height = probabilities.shape[1], width = probabilities.shape[2];
        Device device = probabilities.device;
        Tensor from = Origins(gray).to(device);                                                         // [1, h, w, 2]
        Tensor moved = Sampled(Pixels(before!).to(device), from);                                       // [1, 1, h, w]
        Tensor trust = (1 - (moved - Pixels(gray).to(device)).abs() / options.Tolerance).clamp(0, 1);
        trust = trust * from.abs().amax(-1).le(1).unsqueeze(1);                                    // points from outside are not trusted
        Tensor share = options.Past * Resampling.To(trust, height, width)[0];                      // [1, H, W]
        Tensor fine = Resampling.To(from.permute(0, 3, 1, 2), height, width).permute(0, 2, 3, 1);  // [1, H, W, 2]
        Tensor warped = Sampled(past!.unsqueeze(0), fine)[0];                                      // [C, H, W]
        return probabilities + (warped - probabilities) * share;
    }

    /// <summary>The position of each point in the previous frame, from −1 at the left and upper border to 1 at the others.</summary>
    private Tensor Origins(Mat gray)
    {
        using Mat flow = new();
        Cv2.CalcOpticalFlowFarneback(gray, before!, flow, Shrink, Levels, Window, Iterations, Neighborhood, Spread, OpticalFlowFlags.None);
        Tensor motion = empty([gray.Rows, gray.Cols, 2], float32);
        flow.AsSpan<float>().CopyTo(System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(motion.bytes));
        Tensor x = arange(gray.Cols).to(float32) + 0.5, y = (arange(gray.Rows).to(float32) + 0.5).unsqueeze(1);
        return stack([(x + motion.select(2, 0)) * (2.0 / gray.Cols) - 1, (y + motion.select(2, 1)) * (2.0 / gray.Rows) - 1], -1)
            .unsqueeze(0);
    }

    private static Tensor Sampled(Tensor map, Tensor at) =>
        grid_sample(map, at, GridSampleMode.Bilinear, GridSamplePaddingMode.Border, false);

    private Mat Gray(Mat frame)
    {
        double scale = Math.Min(1, (double)options.ShorterSide / Math.Min(frame.Width, frame.Height));
        using Mat small = new();
        OpenCvSharp.Size size = new(Math.Max(1, frame.Width * scale), Math.Max(1, frame.Height * scale));
        Cv2.Resize(frame, small, size, 0, 0, InterpolationFlags.Area);
        Mat gray = new();
        Cv2.CvtColor(small, gray, ColorConversionCodes.RGB2GRAY);
        return gray;
    }

    // [1, 1, h, w] in [0, 1].
    private static Tensor Pixels(Mat gray)
    {
        Tensor pixels = empty([1, 1, gray.Rows, gray.Cols], ScalarType.Byte);
        gray.AsSpan<byte>().CopyTo(pixels.bytes);
        return pixels.to(float32) / 255;
    }
}
