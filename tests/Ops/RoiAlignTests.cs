using Vision.Ops.RoiAlignment;
using Vision.Testing;
using Vision.Weights;
using static TorchSharp.torch;

namespace Vision.Ops.Tests;

public class RoiAlignTests
{
    private delegate Tensor Pooling(
        Tensor features, Tensor rois, long outHeight, long outWidth, double spatialScale, long samplingRatio, bool aligned);

    public static TheoryData<bool> Implementations => [false, true];

    private static Pooling Implementation(bool portable) => portable ? RoiAlignPortable.Pool : RoiAlign.Pool;

    [SkippableFact]
    public void EqualsThePeersValuesAndGradients()
    {
        using var scope = NewDisposeScope();
        using TempFolder folder = new();
        Peer.Run("ops_roi_align.py", folder["roi_align.pth"]);
        Dictionary<string, Tensor> cases = WeightFile.Read(folder["roi_align.pth"]);
        int count = cases.Count / 6;
        Assert.Equal(80, count);
        for (int i = 0; i < count; i++)
        {
            foreach (bool portable in (bool[])[false, true])
            {
                using var caseScope = NewDisposeScope();
                Tensor features = cases[$"{i}.features"].clone().requires_grad_();
                long[] options = cases[$"{i}.options"].data<long>().ToArray();
                Tensor pooled = Implementation(portable)(
                    features, cases[$"{i}.rois"], options[0], options[1], 0.25, options[2], options[3] != 0);
                pooled.backward([cases[$"{i}.upstream"]]);

                double tolerance = features.dtype == float64 ? 1e-12 : 1e-5;
                string what =
                    $"case {i}, portable {portable}, features {string.Join('×', features.shape)}, options {string.Join(", ", options)}";
                Close.To(pooled, cases[$"{i}.pooled"], tolerance, what);
                Close.To(features.grad!, cases[$"{i}.grad"], tolerance, what + ", gradient");
            }
        }
    }

    [Theory, MemberData(nameof(Implementations))]
    public void GradientIsThatOfFiniteDifferences(bool portable)
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        Tensor features = randn([2, 2, 5, 6], float64);
        Tensor rois = tensor(new double[] { 0, 0.3, 0.2, 9.1, 8.7, 1, -3, 2, 30, 7 }).reshape(2, 5);
        Tensor upstream = randn([2, 2, 3, 2], float64);
        Tensor leaf = features.clone().requires_grad_();
        Objective(leaf).backward();

        const double step = 1e-5;
        double[] expected = new double[features.numel()];
        for (int i = 0; i < expected.Length; i++)
        {
            using var step_ = NewDisposeScope();
            Tensor shift = zeros(features.numel(), float64);
            shift[i] = tensor(step, float64);
            shift = shift.reshape(features.shape);
            expected[i] = (Objective(features + shift) - Objective(features - shift)).item<double>() / (2 * step);
        }
        Close.To(leaf.grad!, tensor(expected).reshape(features.shape), 1e-8);

        Tensor Objective(Tensor x) => (Implementation(portable)(x, rois, 3, 2, 0.5, 2, true) * upstream).sum();
    }

    [Theory, MemberData(nameof(Implementations))]
    public void WithoutRegionsThereIsNothingToPool(bool portable)
    {
        using var scope = NewDisposeScope();
        foreach (long ratio in (long[])[0, 2])
        {
            Tensor pooled = Implementation(portable)(randn(1, 4, 8, 8), zeros(0, 5), 7, 7, 1, ratio, false);
            Assert.Equal([0, 4, 7, 7], pooled.shape);
        }
    }

    [Fact]
    public void NoRegionsGiveAGradientOfZero()
    {
        using var scope = NewDisposeScope();
        Tensor features = randn([1, 4, 8, 8], requires_grad: true);
        RoiAlign.Pool(features, zeros(0, 5), 7, 7, 1, 2).sum().backward();
        Close.To(features.grad!, zeros(1, 4, 8, 8), 0);
    }

    [Theory, MemberData(nameof(Implementations))]
    public void NarrowFeaturesKeepTheirTypeAndTheRegionsPrecision(bool portable)
    {
        using var scope = NewDisposeScope();
        manual_seed(2);
        Tensor features = randn(1, 3, 40, 40).to(bfloat16);
        Tensor rois = tensor(new[] { 0f, 3.3f, 7.7f, 150.1f, 140.9f }).reshape(1, 5);
        Tensor pooled = Implementation(portable)(features, rois, 7, 7, 0.25, 2, false);
        Assert.Equal(bfloat16, pooled.dtype);
        Close.To(pooled, RoiAlign.Pool(features.to(float32), rois, 7, 7, 0.25, 2), 0.01);
    }

    [Fact]
    public void ChannelsLastFeaturesGiveTheSame()
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        Tensor features = randn([2, 19, 30, 33]);
        Tensor rois = tensor(new[] { 0f, 3, 4, 90, 80, 1, -5, 20, 140, 60, 1, 0, 0, 7, 5 }).reshape(3, 5);
        Tensor upstream = randn(3, 19, 7, 7);
        Tensor planar = features.clone().requires_grad_();
        Tensor last = MemoryFormat.ChannelsLast(features).detach().requires_grad_();
        Tensor expected = RoiAlign.Pool(planar, rois, 7, 7, 0.25, 2);
        Tensor actual = RoiAlign.Pool(last, rois, 7, 7, 0.25, 2);
        expected.backward([upstream]);
        actual.backward([upstream]);
        Assert.True(actual.is_contiguous());
        Close.To(actual, expected, 1e-6);
        Close.To(last.grad!, planar.grad!, 1e-6);
    }

    [Theory, MemberData(nameof(Implementations))]
    public void RegionsThatCannotBePooledAreNamed(bool portable)
    {
        using var scope = NewDisposeScope();
        Assert.Contains("not finite", Failure([0, 0, 0, float.NaN, 4]));
        Assert.Contains("images", Failure([1, 0, 0, 4, 4]));
        Assert.Contains("images", Failure([-1, 0, 0, 4, 4]));

        string Failure(float[] roi) => Assert.ThrowsAny<ArgumentException>(
            () => Implementation(portable)(zeros(1, 1, 4, 4), tensor(roi).reshape(1, 5), 2, 2, 1, 2, false)).Message;
    }

    [Theory, MemberData(nameof(Implementations))]
    public void NoTensorStaysBehind(bool portable)
    {
        using Tensor features = randn([1, 4, 16, 16], requires_grad: true);
        using Tensor rois = tensor(new[] { 0f, 1, 1, 12, 12 }).reshape(1, 5);
        LiveTensors.Unchanged(() =>
        {
            using Tensor pooled = Implementation(portable)(features, rois, 7, 7, 1, 0, false);
        });
    }

    [Theory]
    [InlineData(1, 20, 31)]
    [InlineData(3, 7, 5)]   // narrower than a vector
    [InlineData(19, 1, 1)]
    [InlineData(6, 9, 70)]
    public void KernelsEqualThePortableVersion(long channels, long height, long width)
    {
        manual_seed(4);
        (long, long, long)[] sizes = [(7, 7, 2), (1, 10, 0), (14, 2, 3), (2, 2, -1), (9, 16, 1)];
        foreach (ScalarType dtype in (ScalarType[])[float32, float64])
        foreach (bool channelsLast in (bool[])[false, true])
        foreach (bool aligned in (bool[])[false, true])
        foreach ((long outHeight, long outWidth, long ratio) in sizes)
        {
            EqualThePortableVersion([2, channels, height, width], dtype, channelsLast, outHeight, outWidth, ratio, aligned);
        }
    }

    [Fact]
    public void KernelsEqualThePortableVersionForMoreChannelsThanTheyPoolAtATime()
    {
        manual_seed(5);
        foreach (bool channelsLast in (bool[])[false, true]) EqualThePortableVersion([1, 300, 6, 8], float32, channelsLast, 7, 7, 2, false);
    }

    private static void EqualThePortableVersion(
        long[] shape, ScalarType dtype, bool channelsLast, long outHeight, long outWidth, long ratio, bool aligned)
    {
        using var scope = NewDisposeScope();
        Tensor leaf = Laid(randn(shape, dtype), channelsLast).requires_grad_();
        Tensor rois = RegionsOfEveryKind(shape[0], shape[2], shape[3], dtype);
        Tensor upstream = randn([rois.shape[0], shape[1], outHeight, outWidth], dtype);
        Tensor expected = RoiAlignPortable.Pool(leaf, rois, outHeight, outWidth, Scale, ratio, aligned);
        expected.backward([upstream]);

        Tensor pooled = RoiAlignCpu.Forward(leaf.detach(), rois, outHeight, outWidth, Scale, ratio, aligned);
        Tensor gradient = RoiAlignCpu.Backward(upstream, rois, outHeight, outWidth, Scale, ratio, aligned, shape, channelsLast);
        double tolerance = dtype == float64 ? 1e-12 : 1e-5;
        string what = $"{dtype}, channels last {channelsLast}, ratio {ratio}, aligned {aligned}, {outHeight}×{outWidth}";
        Assert.True(pooled.is_contiguous());
        Assert.Equal(RoiAlignCpu.IsChannelsLast(leaf), RoiAlignCpu.IsChannelsLast(gradient));
        Close.To(pooled, expected, tolerance, what);
        Close.To(gradient, leaf.grad!, tolerance, what + ", gradient");
    }

    [Theory, InlineData(false), InlineData(true)]
    public void TheKernelsGradientIsThatOfFiniteDifferences(bool channelsLast)
    {
        using var scope = NewDisposeScope();
        manual_seed(5);
        Tensor features = Laid(randn([2, 3, 5, 6], float64), channelsLast);
        Tensor rois = tensor(new double[] { 0, 0.3, 0.2, 9.1, 8.7, 1, -3, 2, 30, 7, 1, 8, 8, 2, 1 }).reshape(3, 5);
        Tensor upstream = randn([3, 3, 3, 2], float64);
        Tensor gradient = RoiAlignCpu.Backward(upstream, rois, 3, 2, 0.5, 2, true, features.shape, channelsLast);

        const double step = 1e-5;
        double[] expected = new double[features.numel()];
        for (int i = 0; i < expected.Length; i++)
        {
            using var inner = NewDisposeScope();
            Tensor shift = zeros(features.numel(), float64);
            shift[i] = tensor(step, float64);
            shift = Laid(shift.reshape(features.shape), channelsLast);
            expected[i] = (Objective(features + shift) - Objective(features - shift)) / (2 * step);
        }
        Close.To(gradient, tensor(expected).reshape(features.shape), 1e-8);

        double Objective(Tensor x) => (RoiAlignCpu.Forward(x, rois, 3, 2, 0.5, 2, true) * upstream).sum().item<double>();
    }

    [Fact]
    public void KernelsTakeNoRegionsAndNoImages()
    {
        using var scope = NewDisposeScope();
        foreach (long images in (long[])[0, 1])
        foreach (bool channelsLast in (bool[])[false, true])
        {
            Tensor features = Laid(randn(images, 4, 8, 8), channelsLast), rois = zeros(0, 5);
            RoiAlignChecks.Regions(features, rois);
            Assert.Equal([0, 4, 7, 7], RoiAlignCpu.Forward(features, rois, 7, 7, 1, 0, false).shape);
            Tensor gradient = RoiAlignCpu.Backward(zeros(0, 4, 7, 7), rois, 7, 7, 1, 0, false, features.shape, channelsLast);
            Close.To(gradient, zeros(images, 4, 8, 8), 0);
        }
    }

    [Theory, InlineData(false), InlineData(true)]
    public void RegionsOutsidePoolZerosAndGiveNoGradient(bool channelsLast)
    {
        using var scope = NewDisposeScope();
        Tensor features = Laid(ones(1, 9, 8, 8), channelsLast);
        Tensor rois = tensor(new[] { 0f, -500, -500, -300, -300, 0, 1000, 0, 1200, 8, 0, 0, 1000, 8, 1200 }).reshape(3, 5);
        Close.To(RoiAlignCpu.Forward(features, rois, 3, 3, 1, 2, false), zeros(3, 9, 3, 3), 0);
        Close.To(RoiAlignCpu.Backward(ones(3, 9, 3, 3), rois, 3, 3, 1, 2, false, features.shape, channelsLast), zeros(1, 9, 8, 8), 0);
    }

    [Theory]
    [InlineData(ScalarType.Float16, false), InlineData(ScalarType.Float16, true)]
    [InlineData(ScalarType.BFloat16, false), InlineData(ScalarType.BFloat16, true)]
    public void HalfPrecisionIsComputedInSingle(ScalarType dtype, bool channelsLast)
    {
        using var scope = NewDisposeScope();
        manual_seed(6);
        Tensor features = Laid(randn(2, 19, 20, 30).to(dtype), channelsLast), rois = RegionsOfEveryKind(2, 20, 30, float32);
        Tensor upstream = randn(rois.shape[0], 19, 7, 7).to(dtype);
        Tensor pooled = RoiAlignCpu.Forward(features, rois, 7, 7, Scale, 2, false);
        Tensor gradient = RoiAlignCpu.Backward(upstream, rois, 7, 7, Scale, 2, false, features.shape, channelsLast);
        Assert.Equal((dtype, dtype), (pooled.dtype, gradient.dtype));
        Assert.Equal(channelsLast, RoiAlignCpu.IsChannelsLast(gradient));
        Close.To(pooled, RoiAlignCpu.Forward(features.to(float32), rois, 7, 7, Scale, 2, false).to(dtype), 0);
        Tensor single = RoiAlignCpu.Backward(upstream.to(float32), rois, 7, 7, Scale, 2, false, features.shape, channelsLast);
        Close.To(gradient, single.to(dtype), 0);
    }

    [Theory, InlineData(false), InlineData(true)]
    public void AnyNumberOfThreadsGivesTheSameBits(bool channelsLast)
    {
        using var scope = NewDisposeScope();
        manual_seed(7);
        Tensor features = Laid(randn(2, 70, 30, 33), channelsLast), rois = RegionsOfEveryKind(2, 30, 33, float32);
        Tensor upstream = randn(rois.shape[0], 70, 7, 7);
        int before = get_num_threads();
        try
        {
            (Tensor pooled, Tensor gradient) = With(1);
            (Tensor pooledByThree, Tensor gradientByThree) = With(3);
            Close.To(pooledByThree, pooled, 0);
            Close.To(gradientByThree, gradient, 0);
        }
        finally
        {
            set_num_threads(before);
        }

        (Tensor, Tensor) With(int threads)
        {
            set_num_threads(threads);
            Tensor pooled = RoiAlignCpu.Forward(features, rois, 7, 7, Scale, 2, false);
            return (pooled, RoiAlignCpu.Backward(upstream, rois, 7, 7, Scale, 2, false, features.shape, channelsLast));
        }
    }

    [Fact]
    public void KernelsLeaveNoTensorBehind()
    {
        using var scope = NewDisposeScope();
        Tensor features = MemoryFormat.ChannelsLast(randn(1, 4, 16, 16)).to(bfloat16);
        Tensor rois = tensor(new[] { 0f, 1, 1, 12, 12 }).reshape(1, 5);
        LiveTensors.Unchanged(() =>
        {
            RoiAlignChecks.Arguments(features, rois, 7, 7);
            RoiAlignChecks.Regions(features, rois);
            using Tensor pooled = RoiAlignCpu.Forward(features, rois, 7, 7, 1, 0, false);
            using Tensor gradient = RoiAlignCpu.Backward(pooled, rois, 7, 7, 1, 0, false, features.shape, true);
        });
    }

    [Fact]
    public void ArgumentsThatCannotBePooledAreNamed()
    {
        using var scope = NewDisposeScope();
        Tensor features = zeros(1, 4, 8, 8), rois = zeros(2, 5);
        RoiAlignChecks.Arguments(features, rois, 7, 7);
        Assert.Contains("[4, 8, 8]; expected [N, C, H, W]", Failure(() => RoiAlignChecks.Arguments(features[0], rois, 7, 7)));
        Assert.Contains("at least one pixel", Failure(() => RoiAlignChecks.Arguments(zeros(1, 4, 0, 8), rois, 7, 7)));
        Assert.Contains("Int64; expected floating point", Failure(() => RoiAlignChecks.Arguments(features.to(int64), rois, 7, 7)));
        Assert.Contains("[2, 4]; expected [R, 5]", Failure(() => RoiAlignChecks.Arguments(features, zeros(2, 4), 7, 7)));
        Tensor elsewhere = zeros([2, 5], device: META);
        Assert.Contains("on meta; expected them with the features", Failure(() => RoiAlignChecks.Arguments(features, elsewhere, 7, 7)));
        Assert.Contains("0 rows of bins", Failure(() => RoiAlignChecks.Arguments(features, rois, 0, 7)));
        Assert.Contains("-1 columns of bins", Failure(() => RoiAlignChecks.Arguments(features, rois, 7, -1)));
        // Finite, but not in the precision of the features.
        Tensor far = tensor(new[] { 0, 0, 0, 1.0, 1, 0, 0, 0, 1e300, 1 }).reshape(2, 5);
        Assert.Contains("Region 1 is not finite", Failure(() => RoiAlignChecks.Regions(features, far)));
        RoiAlignChecks.Regions(features.to(float64), far);
        Assert.Contains("Region 0 is in image 1; expected 0 to 0", Failure(() => RoiAlignChecks.Regions(features, ones(1, 5))));

        static string Failure(Action check) => Assert.ThrowsAny<ArgumentException>(check).Message;
    }

    private const double Scale = 0.25;

    private static Tensor Laid(Tensor features, bool channelsLast) => channelsLast ? MemoryFormat.ChannelsLast(features) : features;

    // Inside, across and far outside the image, tiny, huge, empty and inside out.
    private static Tensor RegionsOfEveryKind(long images, long height, long width, ScalarType dtype)
    {
        double right = width / Scale, bottom = height / Scale;
        Tensor sides = tensor(new[] { right, bottom, right, bottom });
        Tensor special = tensor(new[]
        {
            0, 0, 0, 0, 5, 5, 5.01, 5.02, 9, 9, 3, 2, -500, -500, -300, -300,
            1000, 1000, 1200, 1100, -4, -4, 4, 4, 0, 0, right, bottom, -300, -300, 600, 600,
        }).reshape(-1, 4);
        Tensor boxes = cat([(rand([16, 4], float64) * 2 - 0.5) * sides, special]);   // the random ones: many inside out
        return cat([randint(0, images, [boxes.shape[0], 1]).to(float64), boxes], 1).to(dtype);
    }
}
