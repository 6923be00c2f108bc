using Vision.Ops.DeformableConvolution;
using Vision.Testing;
using Vision.Weights;
using static TorchSharp.torch;

namespace Vision.Ops.Tests;

public class DeformConvTests
{
    /// <summary>Images, channels, outputs, groups, offset groups, kernel, stride, padding, dilation, with mask, with bias.</summary>
    public static TheoryData<Case> Cases =>
    [
        new(2, 16, 8, 1, 1, 3, 1, 1, 1, true, true),
        new(1, 24, 6, 2, 3, 3, 2, 1, 1, true, false),           // groups of 12 channels, offsets for 8
        new(2, 12, 12, 12, 1, 3, 1, 2, 2, false, true),         // one channel a group
        new(1, 6, 4, 1, 6, 1, 1, 0, 1, true, true),             // one channel's offsets, one place
        new(3, 37, 5, 1, 1, 5, 3, 2, 1, false, false),          // channels that fill no whole vectors
        new(0, 8, 4, 1, 2, 3, 1, 1, 1, true, true),             // no image
    ];

    [SkippableFact]
    public void EqualsThePeersValuesAndGradients()
    {
        using var scope = NewDisposeScope();
        using TempFolder folder = new();
        Peer.Run("ops_deform_conv.py", folder["out.pth"]);
        Dictionary<string, Tensor> cases = WeightFile.Read(folder["out.pth"]);
        for (int i = 0; i < 5; i++)
        {
            Dictionary<string, Tensor> inputs = new[] { "input", "offset", "weight", "bias", "mask" }
                .Where(name => cases.ContainsKey($"{i}.{name}"))
                .ToDictionary(name => name, name => cases[$"{i}.{name}"].clone().requires_grad_());
            long[] options = cases[$"{i}.options"].data<long>().ToArray();
            Tensor output = DeformConv.Conv2d(
                inputs["input"], inputs["offset"], inputs["weight"], inputs["bias"], options[0], options[1], options[2],
                inputs.GetValueOrDefault("mask"));
            Close.To(output, cases[$"{i}.output"], 1e-10, $"output {i}");
            output.backward([cases[$"{i}.upstream"]]);
            foreach (var (name, value) in inputs) Close.To(value.grad!, cases[$"{i}.grad.{name}"], 1e-9, $"gradient of {name} {i}");
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void EqualsThePortableValuesAndGradients(Case sizes)
    {
        using var scope = NewDisposeScope();
        foreach (var (type, tolerance) in new[] { (float64, 1e-12), (float32, 2e-5) })
        {
            Inputs fast = sizes.Draw(type), slow = fast.Copy();
            Tensor output = fast.Convolve(), expected = slow.ConvolvePortably(), upstream = randn_like(output);
            Close.To(output, expected, tolerance, "output");
            output.backward([upstream]);
            expected.backward([upstream]);
            foreach (var (name, value) in fast.All) Close.To(value.grad!, slow.All[name].grad!, tolerance, $"gradient of {name}");
        }
    }

    [Theory]
    [InlineData("input"), InlineData("offset"), InlineData("weight"), InlineData("bias"), InlineData("mask")]
    public void OneGradientAloneIsThatOfAll(string wanted)
    {
        using var scope = NewDisposeScope();
        Inputs all = new Case(2, 16, 8, 1, 2, 3, 1, 1, 1, true, true).Draw(float64), one = all.Copy(name => name == wanted);
        Tensor upstream = randn(2, 8, 13, 9, float64);
        all.Convolve().backward([upstream]);
        one.Convolve().backward([upstream]);
        foreach (var (name, value) in one.All)
        {
            if (name == wanted) Close.To(value.grad!, all.All[name].grad!, 0);
            else Assert.Null(value.grad);
        }
    }

    [Fact]
    public void GradientsAreFiniteDifferences()
    {
        using var scope = NewDisposeScope();
        const double step = 1e-6;
        Inputs inputs = new Case(1, 10, 4, 2, 1, 3, 2, 1, 1, true, true).Draw(float64);
        Tensor upstream = randn_like(inputs.Convolve().detach());
        inputs.Convolve().backward([upstream]);
        using var noGradient = no_grad();
        foreach (var (name, value) in inputs.All)
        {
            Tensor direction = randn_like(value), moved = value.detach();
            double expected = 0;
            foreach (double sign in new[] { 1, -1 })
            {
                moved.add_(direction, sign * step);
                expected += sign * (inputs.Convolve() * upstream).sum().item<double>() / (2 * step);
                moved.add_(direction, -sign * step);
            }
            Assert.Equal(expected, (value.grad! * direction).sum().item<double>(), 1e-6 * (1 + Math.Abs(expected)));
            Assert.True(Math.Abs(expected) > 1e-3, $"{name} decides nothing");
        }
    }

    [Fact]
    public void WithoutOffsetsItIsAConvolution()
    {
        using var scope = NewDisposeScope();
        Tensor x = randn(2, 4, 9, 7), weight = randn(6, 4, 3, 3);
        Tensor expected = nn.functional.conv2d(x, weight, null, [2, 2], [1, 1]);
        Close.To(DeformConv.Conv2d(x, zeros(2, 18, 5, 4), weight, null, 2, 1), expected, 1e-5);
    }

    [Fact]
    public void LargeImagesGoBandByBand()
    {
        using var scope = NewDisposeScope();
        // 3481 positions of 576 samples each are four bands, of which the last is shorter.
        Tensor x = randn(1, 64, 59, 59), weight = randn(8, 64, 3, 3);
        Tensor expected = nn.functional.conv2d(x, weight, null, [1, 1], [1, 1]);
        Close.To(DeformConv.Conv2d(x, zeros(1, 18, 59, 59), weight, null, 1, 1), expected, 1e-5);
    }

    [Fact]
    public void FarOutsideIsNothing()
    {
        using var scope = NewDisposeScope();
        Tensor x = randn(1, 8, 5, 6).requires_grad_(), weight = randn(3, 8, 1, 1);
        foreach (float far in new[] { -7, 7, 1e6f, -3e9f, 1e30f, float.PositiveInfinity, float.NegativeInfinity })
        {
            Tensor offset = full(1, 2, 5, 6, far).requires_grad_();
            Tensor output = DeformConv.Conv2d(x, offset, weight);
            Close.To(output, zeros(1, 3, 5, 6), 0, $"{far}");
            output.sum().backward();
            Close.To(offset.grad!, zeros(1, 2, 5, 6), 0, $"{far}");
            Close.To(x.grad!, zeros(1, 8, 5, 6), 0, $"{far}");
        }
        // Not that of a wrong pixel: what went wrong before stays to be seen.
        Assert.True(DeformConv.Conv2d(x, full(1, 2, 5, 6, float.NaN), weight).isnan().all().item<bool>());
    }

    [Fact]
    public void SamplesFadeOverOnePixelOutside()
    {
        using var scope = NewDisposeScope();
        Tensor x = ones(1, 8, 3, 3), weight = ones(1, 8, 1, 1), offset = zeros(1, 2, 3, 3);
        offset[0, 0].fill_(-0.75f);
        Close.To(DeformConv.Conv2d(x, offset, weight)[0, 0, .., 0], tensor(new float[] { 2, 8, 8 }), 1e-6);
        offset[0, 0].fill_(0.75f);
        Close.To(DeformConv.Conv2d(x, offset, weight)[0, 0, .., 0], tensor(new float[] { 8, 8, 2 }), 1e-6);
    }

    [Theory, MemberData(nameof(Cases))]
    public void ChannelsLastChangesTheLayoutAlone(Case sizes)
    {
        using var scope = NewDisposeScope();
        Inputs planar = sizes.Draw(float32), last = planar.Copy(layout: MemoryFormat.ChannelsLast);
        Tensor expected = planar.Convolve(), output = last.Convolve(), upstream = randn_like(expected);
        Close.To(output, expected, 1e-6);
        Assert.True(output.permute(0, 2, 3, 1).is_contiguous());
        expected.backward([upstream]);
        output.backward([MemoryFormat.ChannelsLast(upstream)]);
        Assert.True(last.All["input"].grad!.permute(0, 2, 3, 1).is_contiguous());
        foreach (var (name, value) in last.All) Close.To(value.grad!, planar.All[name].grad!, 2e-6, $"gradient of {name}");
    }

    [Fact]
    public void AnyStridesWillDo()
    {
        using var scope = NewDisposeScope();
        Case sizes = new(2, 16, 8, 1, 1, 3, 1, 1, 1, true, true);
        Inputs straight = sizes.Draw(float64);
        Inputs turned = straight.Copy(layout: tensor => tensor.transpose(2, 3).contiguous().transpose(2, 3));
        Tensor expected = straight.Convolve(), output = turned.Convolve();
        Close.To(output, expected, 1e-12);
        // The gradient of a sum is one number for all.
        expected.sum().backward();
        output.sum().backward();
        foreach (var (name, value) in turned.All) Close.To(value.grad!, straight.All[name].grad!, 1e-12, $"gradient of {name}");
    }

    [Theory, MemberData(nameof(Cases))]
    public void ThreadsDoNotChangeTheResult(Case sizes)
    {
        using var scope = NewDisposeScope();
        sizes = sizes with { Height = 40, Width = 33 };
        Inputs inputs = sizes.Draw(float32);
        DeformConvGeometry geometry = inputs.Geometry;
        Tensor pixels = randn(40 * 33, sizes.Channels);
        Tensor upstream = randn(geometry.Groups, geometry.Positions, geometry.Places * sizes.Channels / geometry.Groups);
        if (sizes.Images == 0) return;
        int before = get_num_threads();
        try
        {
            set_num_threads(1);
            Tensor[] alone = Results();
            set_num_threads(3);
            foreach (var (together, one) in Results().Zip(alone)) Close.To(together, one, 0);
        }
        finally
        {
            set_num_threads(before);
        }

        Tensor[] Results()
        {
            DeformConvBand band = new(sizes.Images - 1, 0, geometry.Positions);
            Tensor columns = empty_like(upstream), gradPixels = zeros_like(pixels);
            Tensor offset = inputs.All["offset"].detach();
            Tensor? mask = inputs.All.GetValueOrDefault("mask")?.detach();
            Tensor gradOffset = zeros_like(offset);
            Tensor? gradMask = mask is null ? null : zeros_like(mask);
            DeformConvCpu.Columns(pixels, offset, mask, geometry, band, columns);
            DeformConvCpu.ColumnsBackward(upstream, pixels, offset, mask, geometry, band, gradPixels, gradOffset, gradMask);
            return [columns, gradPixels, gradOffset, gradMask ?? zeros(0)];
        }
    }

    [Fact]
    public void NarrowTypesAreComputedInFloat32()
    {
        using var scope = NewDisposeScope();
        Inputs exact = new Case(1, 16, 8, 1, 1, 3, 1, 1, 1, true, true).Draw(float32);
        foreach (ScalarType type in new[] { float16, bfloat16 })
        {
            Inputs narrow = exact.Copy(type: type), wide = narrow.Copy(type: float32);
            Tensor output = narrow.Convolve(), expected = wide.Convolve();
            Assert.Equal(type, output.dtype);
            Close.To(output, expected.to(type), 0);
            output.sum().backward();
            expected.sum().backward();
            foreach (var (name, value) in narrow.All) Close.To(value.grad!, wide.All[name].grad!.to(type), 0, $"gradient of {name}");
        }
        Assert.Equal(float16, DeformConv.Conv2d(randn(1, 4, 5, 5).to(float16), zeros(1, 2, 5, 5), randn(2, 4, 1, 1)).dtype);
    }

    [Fact]
    public void WhatDoesNotFitIsNamed()
    {
        using var scope = NewDisposeScope();
        Tensor x = zeros(1, 4, 9, 7), offset = zeros(1, 18, 9, 7), weight = zeros(6, 4, 3, 3);
        Refused("[1, a multiple of 18, 9, 7]", () => DeformConv.Conv2d(x, zeros(1, 18, 9, 9), weight, null, 1, 1));
        Refused("[1, a multiple of 18, 9, 7]", () => DeformConv.Conv2d(x, zeros(1, 9, 9, 7), weight, null, 1, 1));
        Refused("[1, a multiple of 18, 9, 7]", () => DeformConv.Conv2d(x, zeros(18, 9, 7), weight, null, 1, 1));
        Refused("divides the 4 channels", () => DeformConv.Conv2d(x, zeros(1, 54, 9, 7), weight, null, 1, 1));
        Refused("[N, C, H, W]", () => DeformConv.Conv2d(x[0], offset, weight, null, 1, 1));
        Refused("[O, C/groups, kh, kw]", () => DeformConv.Conv2d(x, offset, weight[0], null, 1, 1));
        Refused("a multiple of the weight's 3 channels", () => DeformConv.Conv2d(x, offset, zeros(6, 3, 3, 3), null, 1, 1));
        Refused("for each of the 4 groups", () => DeformConv.Conv2d(x, offset, zeros(6, 1, 3, 3), null, 1, 1));
        Refused("at least 1, 0 and 1", () => DeformConv.Conv2d(x, offset, weight, null, 0, 1));
        Refused("at least 1, 0 and 1", () => DeformConv.Conv2d(x, offset, weight, null, 1, -1));
        Refused("3 × 3 pixels or more", () => DeformConv.Conv2d(zeros(1, 4, 2, 7), offset, weight));
        Refused("1 × 1 pixels or more", () => DeformConv.Conv2d(zeros(1, 4, 0, 7), offset, weight, null, 1, 1));
        Refused("expected [1, 9, 9, 7]", () => DeformConv.Conv2d(x, offset, weight, null, 1, 1, 1, zeros(1, 18, 9, 7)));
        Refused("expected [6]", () => DeformConv.Conv2d(x, offset, weight, zeros(4), 1, 1));
        Refused("floating point", () => DeformConv.Conv2d(x.to(int32), offset, weight, null, 1, 1));
        Refused("The weight is Float64", () => DeformConv.Conv2d(x, offset, weight.to(float64), null, 1, 1));
        Refused("expected Float32 on cpu", () => DeformConv.Conv2d(x, offset, weight, zeros(6, device: META), 1, 1));

        static void Refused(string message, Action call) => Assert.Contains(message, Assert.Throws<ArgumentException>(call).Message);
    }

    [Fact]
    public void NoTensorStaysBehind()
    {
        using var outer = NewDisposeScope();
        Inputs inputs = new Case(2, 16, 8, 1, 1, 3, 1, 1, 1, true, true).Draw(float32), plain = inputs.Copy(name => false);
        inputs.Convolve().sum().backward();
        LiveTensors.Unchanged(() =>
        {
            using Tensor output = plain.Convolve();
        });
        LiveTensors.Unchanged(() =>
        {
            using Tensor output = inputs.Convolve();
        });
        LiveTensors.Unchanged(() =>
        {
            using var scope = NewDisposeScope();
            inputs.Convolve().sum().backward();
        });
    }

    public sealed record Case(
        int Images, int Channels, int Outputs, int Groups, int OffsetGroups, int Kernel, int Stride, int Padding, int Dilation,
        bool Masked, bool Biased)
    {
        public int Height { get; init; } = 13;

        public int Width { get; init; } = 9;

        /// <summary>Random inputs, with offsets that leave the image on every side.</summary>
        internal Inputs Draw(ScalarType type)
        {
            random.manual_seed(4);
            int places = Kernel * Kernel * OffsetGroups, height = Size(Height), width = Size(Width);
            Dictionary<string, Tensor> all = new()
            {
                ["input"] = randn(Images, Channels, Height, Width, type),
                ["offset"] = randn(Images, 2 * places, height, width, type) * 3,
                ["weight"] = randn(Outputs, Channels / Groups, Kernel, Kernel, type),
            };
            if (Biased) all["bias"] = randn(Outputs, type);
            if (Masked) all["mask"] = rand(Images, places, height, width, type);
            return new Inputs(this, all).Copy();

            int Size(int size) => (size + 2 * Padding - Dilation * (Kernel - 1) - 1) / Stride + 1;
        }
    }

    internal sealed record Inputs(Case Sizes, Dictionary<string, Tensor> All)
    {
        public DeformConvGeometry Geometry => DeformConvGeometry.Of(
            All["input"], All["offset"], All["weight"], Bias, Mask, Sizes.Stride, Sizes.Padding, Sizes.Dilation);

        private Tensor? Bias => All.GetValueOrDefault("bias");

        private Tensor? Mask => All.GetValueOrDefault("mask");

        public Tensor Convolve() =>
            DeformConv.Conv2d(All["input"], All["offset"], All["weight"], Bias, Sizes.Stride, Sizes.Padding, Sizes.Dilation, Mask);

        public Tensor ConvolvePortably() =>
            DeformConvPortable.Conv2d(All["input"], All["offset"], All["weight"], Bias, Mask, Geometry);

        /// <summary>
        /// The same values as new leaves, which require gradients unless they are excluded; those of four dimensions in another layout.
        /// </summary>
        public Inputs Copy(Func<string, bool>? wanted = null, Func<Tensor, Tensor>? layout = null, ScalarType? type = null) =>
            new(Sizes, All.ToDictionary(entry => entry.Key, entry =>
            {
                Tensor value = entry.Value.detach().clone().to(type ?? entry.Value.dtype);
                if (layout is not null && value.dim() == 4) value = layout(value);
                return value.requires_grad_(wanted?.Invoke(entry.Key) ?? true);
            }));
    }
}
