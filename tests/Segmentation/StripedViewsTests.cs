using OpenCvSharp;
using Vision.Data;
using Vision.Testing;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Vision.Segmentation.Tests;

/// <summary>Images that are looked at stripe by stripe give what they give as a whole.</summary>
public class StripedViewsTests
{
    private const int Classes = 4;

    private static Segmenter Model()
    {
        Segmenter model = EverySegmenterTests.Small("deeplabv3plus_resnet18");
        model.eval();
        return model;
    }

    public static TheoryData<SegmenterView> Views => new(
        new() { },
        new() { Flip = true },
        new() { ShorterSide = 40 },
        new() { ShorterSide = 90, Flip = true },
        new() { Window = 48 },
        new() { Window = 48, Overlap = 0, Flip = true },
        new() { Window = 32, Overlap = 0.6, ShorterSide = 50 },
        new() { Window = 40, ShorterSide = 45, Scales = [0.6, 1], Flip = true },
        new() { Window = 40, Scales = [0.7, 1], Fusion = ViewFusion.Max });

    [Trait("Category", "Slow")]
    [Theory, MemberData(nameof(Views))]
    public void StripesAreThoseOfTheWhole(SegmenterView view)
    {
        using var scope = NewDisposeScope();
        using Segmenter model = Model();
        foreach (var (height, width, rows) in new[] { (61, 83, 7), (97, 47, 1), (33, 90, 1000) })
        {
            Tensor image = rand(3, height, width);
            SegmenterViews views = new(model, view, rows * Classes * width);
            Tensor probabilities = views.Probabilities(image);
            Close.To(probabilities, Whole(model, view, image), 1e-5, $"{height}×{width}, {rows} rows");
            Assert.Equal(SegmenterViews.MapOf(probabilities).Classes, views.Map(image).Classes);
        }
    }

    [Theory, InlineData(48), InlineData(null)]
    public void AnImageOfBytesGivesTheSame(int? window)
    {
        using var scope = NewDisposeScope();
        using Segmenter model = Model();
        using Mat image = new(75, 91, MatType.CV_8UC3);
        new Random(1).NextBytes(image.AsSpan<byte>());
        SegmenterViews views = new(model, new() { ShorterSide = 60, Window = window }, 5 * Classes * 91);
        byte[] expected = SegmenterViews.MapOf(views.Probabilities(ImageTensor.From(image))).Classes;
        Assert.Equal(expected, views.Map(image).Classes);
        Assert.Equal(expected, views.Map(ImageTensor.Bytes(image)).Classes);
    }

    [Fact]
    public void NoMoreRowsAreThereThanTheirWindowsHave()
    {
        const int Height = 500, Window = 32;
        using Segmenter model = Model();
        int asked = 0, most = 0;
        RowSource source = new(Height, 64, (first, count) =>
        {
            asked = Math.Max(asked, count);
            return rand(3, count, 64);
        });
        using (WindowedPrediction prediction = new(model, source, Window, 0.25))
        {
            for (int y = 0; y < Height; y += 4)
            {
                using var scope = NewDisposeScope();
                Assert.Equal([Classes, 4, 64], prediction.Rows(y, 4).shape);
                most = Math.Max(most, prediction.Kept);
            }
        }
        Assert.Equal(Window, asked);
        Assert.InRange(most, Window, 2 * Window);

        asked = 0;
        SegmenterViews views = new(model, new() { ShorterSide = 32 }, Classes * 64);
        views.PredictStripes(source, (_, stripe) => Assert.Equal([Classes, 1, 64], stripe.shape));
        Assert.InRange(asked, 1, 520);
    }

    [SkippableFact]
    public void ALargeImageNeedsTheMemoryOfItsStripes()
    {
        const string Peak = "/proc/self/clear_refs";
        const long Megabyte = 1 << 20;
        Requirement.Check(File.Exists(Peak), "The peak of a process's memory is known on Linux.");
        using Segmenter model = Model();
        // Its probabilities alone would take 572 MB, and as a tensor it would take 429.
        using Mat image = new(7500, 5000, MatType.CV_8UC3, new OpenCvSharp.Scalar(80, 90, 100));
        SegmenterViews views = new(model, new() { ShorterSide = 64 });
        using Mat small = image.Resize(new OpenCvSharp.Size(500, 750));
        views.Map(small);
        GC.Collect();
        File.WriteAllText(Peak, "5");
        long before = Status("VmRSS");
        SegmentationMap map = views.Map(image);
        Assert.Equal((5000, 7500), (map.Width, map.Height));
        // It is 200 to 350: when .NET collects what is no longer used differs from run to run.
        Assert.InRange((Status("VmHWM") - before) / Megabyte, 0, 450);

        static long Status(string name)
        {
            string line = File.ReadLines("/proc/self/status").First(line => line.StartsWith(name, StringComparison.Ordinal));
            return 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2]);
        }
    }

    /// <summary>The same without stripes: the sums over the windows, and every map, in memory as a whole.</summary>
    private static Tensor Whole(Segmenter model, SegmenterView view, Tensor image)
    {
        using var noGradient = inference_mode();
        long height = image.shape[1], width = image.shape[2];
        double own = view.ShorterSide is { } shorter ? (double)shorter / Math.Min(height, width) : 1;
        Tensor? fused = null;
        foreach (double scale in view.Scales.Select(scale => scale * own))
        {
            Tensor scaled = Resized(image.unsqueeze(0), (long)Math.Round(height * scale), (long)Math.Round(width * scale))[0];
            Tensor seen = Seen(scaled);
            if (view.Flip) seen = (seen + Seen(scaled.flip(2)).flip(3)) / 2;
            seen = Resized(seen, height, width)[0];
            fused = fused is null ? seen : view.Fusion == ViewFusion.Max ? fused.maximum(seen) : fused + seen;
        }
        return fused! / fused!.sum(0, true);

        static Tensor Resized(Tensor x, long height, long width) =>
            interpolate(x, [height, width], mode: InterpolationMode.Bilinear, align_corners: false);

        Tensor Seen(Tensor pixels)
        {
            int rows = (int)pixels.shape[1], columns = (int)pixels.shape[2], side = view.Window ?? Math.Max(rows, columns);
            int h = Math.Min(side, rows), w = Math.Min(side, columns);
            Tensor sum = zeros(1, Classes, rows, columns), weights = zeros(rows, columns);
            foreach (int top in Starts(rows, side))
                foreach (int left in Starts(columns, side))
                {
                    Tensor weight = Fade(h).unsqueeze(1) * Fade(w), window = pixels.narrow(1, top, h).narrow(2, left, w);
                    sum.narrow(2, top, h).narrow(3, left, w).add_(model.Logits(window).softmax(1) * weight);
                    weights.narrow(0, top, h).narrow(1, left, w).add_(weight);
                }
            return sum / weights;
        }

        int[] Starts(int length, int side)
        {
            if (length <= side) return [0];
            int step = Math.Max(1, (int)(side * (1 - view.Overlap))), count = (length - side + step - 1) / step + 1;
            return [.. Enumerable.Range(0, count).Select(i => (int)Math.Round((double)i * (length - side) / (count - 1)))];
        }

        Tensor Fade(int side)
        {
            int band = Math.Max(1, (int)(side * view.Overlap));
            Tensor place = arange(side).to(float32) + 0.5;
            return place.minimum(side - place).clamp(max: band) / band;
        }
    }
}
