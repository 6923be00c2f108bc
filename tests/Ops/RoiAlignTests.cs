using System.Runtime.InteropServices;
using Vision.Backbones.Weights;
using Vision.Testing;
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
                string what = $"case {i}, portable {portable}, features {string.Join('×', features.shape)}, options {string.Join(", ", options)}";
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

        string Failure(float[] roi) => Assert.ThrowsAny<ExternalException>(
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
}
