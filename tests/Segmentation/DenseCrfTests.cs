using OpenCvSharp;
using Vision.Ops;
using Vision.Testing;
using static TorchSharp.torch;

namespace Vision.Segmentation.Tests;

public class DenseCrfTests
{
    private const int Height = 20, Width = 24;

    // As wide, for an image of this size, as the defaults are for a photograph.
    private static readonly DenseCrfOptions small =
        new() { AppearanceWeight = 10, SmoothnessSigma = 1.5, AppearancePositionSigma = 8, AppearanceColorSigma = 20 };

    public static TheoryData<int, double, double> Kernels => new() { { 3, 2, 3 }, { 5, 2, 3 }, { 2, 1, 6 }, { 4, 5, 0 }, { 4, 0, 5 } };

    [Theory, MemberData(nameof(Kernels))]
    public void MarginalsAreNearTheExactMeanField(int classes, double smoothness, double appearance)
    {
        using var scope = NewDisposeScope();
        using Mat image = Halves(noise: 25);
        DenseCrfOptions options = small with { SmoothnessWeight = smoothness, AppearanceWeight = appearance };
        Tensor logits = Logits(classes);                                                // hardly more than noise, so that the field decides
        logits[0, .., ..10] += 0.4f;
        Tensor expected = ExactMeanField(logits, image, options);
        Tensor distance = (new DenseCrf(options).Refine(logits, image) - expected).abs(), change = (logits.softmax(0) - expected).abs();
        double worst = distance.max().item<double>(), mean = distance.mean().item<double>(), changed = change.mean().item<double>();
        Assert.True(worst <= 0.08 && mean <= 0.008 && changed > 0.1,
            $"Off by {worst:F4} at most and {mean:F4} in the mean, where the field changes {changed:F4} in the mean.");
    }

    [Fact]
    public void SpecksGoAndTheBorderIsTheImages()
    {
        using var scope = NewDisposeScope();
        using Mat image = Halves(noise: 10);
        // The network sees the border three pixels too far to the left, and is wrong in a fifth of the pixels.
        random.manual_seed(2);
        Tensor left = (arange(Width) < Width / 2 - 3).repeat(Height, 1), wrong = rand(Height, Width) < 0.2;
        Tensor seen = left.logical_xor(wrong).to(float32);
        Tensor refined = new DenseCrf(small).Refine(stack([seen, 1 - seen], 0), image);
        Tensor truth = (arange(Width) >= Width / 2).repeat(Height, 1).to(int64);
        Close.To(refined.argmax(0), truth, 0);
    }

    [Fact]
    public void ProbabilitiesSumToOneAlsoWhereSomeAreZero()
    {
        using var scope = NewDisposeScope();
        using Mat image = Halves(noise: 60);
        Tensor certain = nn.functional.one_hot(randint(0, 4, [Height, Width], int64), 4).permute(2, 0, 1).to(float32);
        Tensor refined = new DenseCrf().RefineProbabilities(certain, image);
        Assert.Equal([4, Height, Width], refined.shape);
        Assert.True((refined >= 0).all().item<bool>());
        Close.To(refined.sum(0, false), ones(Height, Width), 1e-5);
    }

    [Fact]
    public void ASureMistakeCanBeOverruled()
    {
        using var scope = NewDisposeScope();
        using Mat image = Halves(noise: 0);
        Tensor right = (arange(Width) >= Width / 2).repeat(Height, 1).to(float32);
        Tensor labels = right.clone();
        labels[10, 4] = tensor(1f);
        Tensor refined = new DenseCrf(small).RefineProbabilities(stack([1 - labels, labels], 0), image);
        Close.To(refined.argmax(0), right, 0);
    }

    [Fact]
    public void LogitsMayHaveAnyConstantInAPixelAndProbabilitiesAreTheirSoftmax()
    {
        using var scope = NewDisposeScope();
        using Mat image = Halves(noise: 25);
        Tensor logits = Logits(4);
        DenseCrf crf = new(small);
        Tensor refined = crf.Refine(logits, image);
        Close.To(crf.Refine(logits + rand(1, Height, Width) * 200 - 100, image), refined, 1e-3);
        Close.To(crf.RefineProbabilities(logits.softmax(0), image), refined, 1e-3);
        Close.To(crf.Refine(logits.to(float64), image), refined, 0);
    }

    [Fact]
    public void ClassesAreAlike()
    {
        using var scope = NewDisposeScope();
        using Mat image = Halves(noise: 25);
        Tensor logits = Logits(11), order = randperm(11, int64);
        DenseCrf crf = new(small with { SmoothnessWeight = 1, AppearanceWeight = 2 });
        Close.To(crf.Refine(logits.index_select(0, order), image), crf.Refine(logits, image).index_select(0, order), 1e-5);
        Close.To(crf.Refine(zeros(11, Height, Width), image), full([11, Height, Width], 1f / 11), 1e-6);
    }

    [Fact]
    public void WithoutWeightsOrIterationsNothingChanges()
    {
        using var scope = NewDisposeScope();
        using Mat image = Halves(noise: 25);
        Tensor logits = Logits(5);
        Close.To(new DenseCrf(new() { SmoothnessWeight = 0, AppearanceWeight = 0 }).Refine(logits, image), logits.softmax(0), 1e-6);
        Close.To(new DenseCrf(new() { Iterations = 0 }).Refine(logits, image), logits.softmax(0), 1e-6);
    }

    [Fact]
    public void TheSameComesOutTwice()
    {
        using var scope = NewDisposeScope();
        using Mat image = Halves(noise: 25);
        Tensor logits = Logits(5), before = logits.clone();
        DenseCrf crf = new();
        Close.To(crf.Refine(logits, image), crf.Refine(logits, image), 0);
        Close.To(logits, before, 0);
    }

    [Theory]
    [InlineData(1, 1), InlineData(1, 7), InlineData(5, 1)]
    public void NarrowImagesAreImagesToo(int height, int width)
    {
        using var scope = NewDisposeScope();
        using Mat image = new(height, width, MatType.CV_8UC3, new Scalar(10, 20, 30));
        Tensor logits = randn(3, height, width);
        Tensor refined = new DenseCrf(small with { Iterations = 3 }).Refine(logits, image);
        Close.To(refined, ExactMeanField(logits, image, small with { Iterations = 3 }), height * width == 1 ? 1e-5 : 0.1);
    }

    [Fact]
    public void OneClassIsCertain()
    {
        using var scope = NewDisposeScope();
        using Mat image = Halves(noise: 25);
        Close.To(new DenseCrf().Refine(Logits(1), image), ones(1, Height, Width), 0);
    }

    [Fact]
    public void WhatDoesNotFitIsNamed()
    {
        using var scope = NewDisposeScope();
        using Mat image = Halves(noise: 0), gray = new(Height, Width, MatType.CV_8UC1);
        DenseCrf crf = new();
        Assert.Contains("expected [C, 20, 24]", Assert.Throws<ArgumentException>(() => crf.Refine(zeros(3, 24, 20), image)).Message);
        Assert.Contains("expected [C, 20, 24]",
            Assert.Throws<ArgumentException>(() => crf.RefineProbabilities(zeros(1, 3, 20, 24), image)).Message);
        Assert.Contains("3 channels (RGB)", Assert.Throws<ArgumentException>(() => crf.Refine(zeros(3, 20, 24), gray)).Message);
        Assert.Contains("none below 0", Assert.Throws<ArgumentException>(() => new DenseCrf(new() { AppearanceWeight = -1 })).Message);
        Assert.Contains("all above 0", Assert.Throws<ArgumentException>(() => new DenseCrf(new() { AppearanceColorSigma = 0 })).Message);
    }

    [Fact]
    public void NoTensorStaysBehind()
    {
        using Mat image = Halves(noise: 25);
        using Tensor logits = Logits(3), probabilities = rand(3, Height, Width);
        DenseCrf crf = new(small);
        LiveTensors.Unchanged(() =>
        {
            using Tensor refined = crf.Refine(logits, image);
            using Tensor other = crf.RefineProbabilities(probabilities, image);
        });
    }

    private static Tensor Logits(int classes)
    {
        random.manual_seed(classes);
        return randn(classes, Height, Width);
    }

    // Two colors side by side.
    private static Mat Halves(int noise)
    {
        Random random = new(5);
        byte[] pixels = new byte[Height * Width * 3];
        for (int i = 0; i < pixels.Length; i++)
        {
            int[] color = i / 3 % Width < Width / 2 ? [200, 90, 60] : [70, 110, 180];
            pixels[i] = (byte)(color[i % 3] + random.Next(-noise, noise + 1));
        }
        using Mat view = Mat.FromPixelData(Height, Width, MatType.CV_8UC3, pixels);
        return view.Clone();
    }

    /// <summary>The same field with all pairs of pixels, in doubles: [C, H, W].</summary>
    private static Tensor ExactMeanField(Tensor logits, Mat image, DenseCrfOptions options)
    {
        int classes = (int)logits.shape[0], height = image.Rows, width = image.Cols, count = height * width;
        float[] unary = logits.ToHost<float>();
        double[,] smoothness = new double[count, count], appearance = new double[count, count];
        for (int i = 0; i < count; i++)
        {
            for (int j = 0; j < count; j++)
            {
                Vec3b a = image.At<Vec3b>(i / width, i % width), b = image.At<Vec3b>(j / width, j % width);
                double distance = Square(i % width - j % width) + Square(i / width - j / width);
                double colors = Square(a.Item0 - b.Item0) + Square(a.Item1 - b.Item1) + Square(a.Item2 - b.Item2);
                smoothness[i, j] = Math.Exp(-distance / (2 * Square(options.SmoothnessSigma)));
                appearance[i, j] = Math.Exp(-distance / (2 * Square(options.AppearancePositionSigma))
                    - colors / (2 * Square(options.AppearanceColorSigma)));
            }
        }
        Normalize(smoothness);
        Normalize(appearance);

        double[,] marginals = Softmax((c, i) => unary[c * count + i]);
        for (int iteration = 0; iteration < options.Iterations; iteration++)
        {
            double[,] current = marginals;
            marginals = Softmax((c, i) =>
            {
                double energy = unary[c * count + i];
                for (int j = 0; j < count; j++)
                    energy += (options.SmoothnessWeight * smoothness[i, j] + options.AppearanceWeight * appearance[i, j]) * current[c, j];
                return energy;
            });
        }
        return tensor(marginals).reshape(classes, height, width);

        static double Square(double x) => x * x;

        void Normalize(double[,] kernel)
        {
            double[] roots = [.. Enumerable.Range(0, count).Select(i => Math.Sqrt(Enumerable.Range(0, count).Sum(j => kernel[i, j])))];
            for (int i = 0; i < count; i++)
                for (int j = 0; j < count; j++) kernel[i, j] /= roots[i] * roots[j];
        }

        double[,] Softmax(Func<int, int, double> energy)
        {
            double[,] result = new double[classes, count];
            for (int i = 0; i < count; i++)
            {
                double[] energies = [.. Enumerable.Range(0, classes).Select(c => energy(c, i))];
                double sum = energies.Sum(e => Math.Exp(e - energies.Max()));
                for (int c = 0; c < classes; c++) result[c, i] = Math.Exp(energies[c] - energies.Max()) / sum;
            }
            return result;
        }
    }
}
