using Vision.Ops.Suppression;
using Vision.Testing;
using Vision.Weights;
using static TorchSharp.torch;

namespace Vision.Ops.Tests;

public class NmsTests
{
    private delegate Tensor Suppression(Tensor boxes, Tensor scores, Tensor? classes, double iouThreshold);

    public static TheoryData<bool> Implementations => [false, true];

    private static Suppression Implementation(bool portable) => portable
        ? NmsPortable.Keep
        : (boxes, scores, classes, threshold) =>
            classes is null ? Nms.Keep(boxes, scores, threshold) : Nms.KeepPerClass(boxes, scores, classes, threshold);

    [SkippableFact]
    public void KeepsWhatThePeerKeepsInItsOrder()
    {
        using var scope = NewDisposeScope();
        using TempFolder folder = new();
        Peer.Run("ops_nms.py", folder["nms.pth"]);
        Dictionary<string, Tensor> cases = WeightFile.Read(folder["nms.pth"]);
        int count = cases.Count / 6;
        Assert.Equal(60, count);
        for (int i = 0; i < count; i++)
        {
            foreach (bool portable in (bool[])[false, true])
            {
                using var caseScope = NewDisposeScope();
                string what = $"case {i}, portable {portable}";
                double threshold = cases[$"{i}.threshold"].item<double>();
                Tensor kept = Implementation(portable)(cases[$"{i}.boxes"], cases[$"{i}.scores"], null, threshold);
                Close.To(kept, cases[$"{i}.kept"], 0, what);
            }
            Tensor byKernel = NmsCpu.Keep(cases[$"{i}.boxes"], cases[$"{i}.scores"], null, cases[$"{i}.threshold"].item<double>());
            Close.To(byKernel, cases[$"{i}.kept"], 0, $"case {i}, kernel");
            Tensor byClass = Nms.KeepPerClass(cases[$"{i}.boxes"], cases[$"{i}.scores"], cases[$"{i}.classes"],
                cases[$"{i}.threshold"].item<double>());
            Close.To(byClass, cases[$"{i}.by_class"], 0, $"case {i}, by class");
        }
    }

    [Theory, MemberData(nameof(Implementations))]
    public void OfEqualBoxesWithEqualScoresTheFirstStays(bool portable)
    {
        using var scope = NewDisposeScope();
        Tensor boxes = tensor(new[] { 0f, 0, 10, 10 }).repeat(5, 1);
        Tensor classes = tensor(new long[] { 1, 0, 1, 0, 7 });
        Assert.Equal([0L], Implementation(portable)(boxes, ones(5), null, 0.5).data<long>().ToArray());
        Assert.Equal([0L, 1, 4], Implementation(portable)(boxes, ones(5), classes, 0.5).data<long>().ToArray());
    }

    [Theory, MemberData(nameof(Implementations))]
    public void AnOverlapOfExactlyTheThresholdStays(bool portable)
    {
        using var scope = NewDisposeScope();
        Tensor boxes = tensor(new[] { 0f, 0, 10, 10, 0, 0, 10, 5 }).reshape(2, 4);
        Tensor scores = tensor(new[] { 0.9f, 0.8f });
        Assert.Equal(2, Implementation(portable)(boxes, scores, null, 0.5).numel());
        Assert.Equal(1, Implementation(portable)(boxes, scores, null, 0.4999).numel());
    }

    [Theory, MemberData(nameof(Implementations))]
    public void WithoutBoxesNoneStay(bool portable)
    {
        using var scope = NewDisposeScope();
        Tensor none = Implementation(portable)(zeros(0, 4), zeros(0), null, 0.5);
        Assert.Equal([0], none.shape);
        Assert.Equal(int64, none.dtype);
        Assert.Equal([0], Implementation(portable)(zeros(0, 4), zeros(0), zeros(0, int64), 0.5).shape);
    }

    [Fact]
    public void FastAndPortableAgreeOnThousandsOfBoxes()
    {
        using var scope = NewDisposeScope();
        manual_seed(6);
        Tensor corners = rand(2000, 2) * 300;
        Tensor boxes = cat([corners, corners + rand(2000, 2) * 90], 1);
        Tensor scores = rand(2000);
        Tensor classes = randint(0, 5, [2000], int64);
        Close.To(Nms.Keep(boxes, scores, 0.7), NmsPortable.Keep(boxes, scores, null, 0.7), 0);
        Close.To(Nms.KeepPerClass(boxes, scores, classes, 0.7), NmsPortable.Keep(boxes, scores, classes, 0.7), 0);
    }

    [Fact]
    public void WrongShapesAreNamed()
    {
        using var scope = NewDisposeScope();
        Assert.Contains("one score for each of the 3 boxes",
            Assert.ThrowsAny<ArgumentException>(() => Nms.Keep(zeros(3, 4), zeros(2), 0.5)).Message);
        Assert.Contains("boxes [N, 4]", Assert.ThrowsAny<ArgumentException>(() => Nms.Keep(zeros(3, 5), zeros(3), 0.5)).Message);
        Assert.Contains("one int64 class for each of the 3 boxes", Assert.Throws<ArgumentException>(
            () => Nms.KeepPerClass(zeros(3, 4), zeros(3), zeros(3), 0.5)).Message);
    }

    [Theory, MemberData(nameof(Implementations))]
    public void NoTensorStaysBehind(bool portable)
    {
        using Tensor boxes = tensor(new[] { 0f, 0, 10, 10, 1, 1, 10, 11 }).reshape(2, 4);
        using Tensor scores = ones(2);
        using Tensor classes = zeros(2, int64);
        LiveTensors.Unchanged(() =>
        {
            using Tensor kept = Implementation(portable)(boxes, scores, null, 0.5);
            using Tensor byClass = Implementation(portable)(boxes, scores, classes, 0.5);
        });
    }

    [Fact]
    public void TheKernelKeepsWhatThePortableVersionKeeps()
    {
        manual_seed(7);
        foreach (ScalarType dtype in (ScalarType[])[float32, float64])
        foreach (int count in (int[])[1, 7, 8, 9, 300])
        foreach (double threshold in (double[])[0, 0.5, 0.7, 1, -0.1])
        foreach (int classCount in (int[])[0, 3, 200])
        {
            using var scope = NewDisposeScope();
            Tensor boxes = RoughBoxes(count, dtype);
            Tensor scores = (rand([count], dtype) * 50).round();   // many ties
            // Any numbers may stand for classes.
            Tensor? classes = classCount == 0 ? null : (randint(0, classCount, [count], int64) - 2) * 1_000_000_007L;
            Close.To(NmsCpu.Keep(boxes, scores, classes, threshold), NmsPortable.Keep(boxes, scores, classes, threshold), 0,
                $"{dtype}, {count} boxes, {classCount} classes, threshold {threshold}");
        }
    }

    [Fact]
    public void TheKernelBearsBoxesOfEveryKind()
    {
        using var scope = NewDisposeScope();
        manual_seed(8);
        // Without area, inside out, infinite, not a number.
        float[] odd =
        [
            0, 0, 0, 0, 0, 0, 0, 9, 9, 9, 1, 1, float.NegativeInfinity, 0, float.PositiveInfinity, 10,
            float.NaN, 0, 10, 10, 0, 0, 10, float.NaN, -1e30f, -1e30f, 1e30f, 1e30f,
        ];
        Tensor boxes = cat([RoughBoxes(30, float32), tensor(odd).reshape(-1, 4).repeat(3, 1)]);
        Tensor scores = rand(boxes.shape[0]);
        foreach (double threshold in (double[])[0, 0.5, 1])
        {
            Tensor expected = NmsPortable.Keep(boxes, scores, null, threshold);
            Close.To(NmsCpu.Keep(boxes, scores, null, threshold), expected, 0, $"threshold {threshold}");
        }
    }

    [Fact]
    public void ScoresThatAreNoNumbersComeFirstAsInLibtorch()
    {
        using var scope = NewDisposeScope();
        Tensor boxes = tensor(new[] { 0f, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7 }).reshape(4, 4);
        Tensor scores = tensor(new[] { 0.5f, -float.NaN, float.PositiveInfinity, float.NaN });
        foreach (ScalarType dtype in (ScalarType[])[float32, float64])
            Assert.Equal([1L, 3, 2, 0], NmsCpu.Keep(boxes.to(dtype), scores.to(dtype), null, 0.5).data<long>().ToArray());
    }

    [Theory, InlineData(ScalarType.Float16), InlineData(ScalarType.BFloat16)]
    public void HalfPrecisionIsComputedInSingle(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        manual_seed(9);
        Tensor boxes = RoughBoxes(300, float32).to(dtype), scores = rand(300).to(dtype), classes = randint(0, 3, [300], int64);
        Close.To(NmsCpu.Keep(boxes, scores, classes, 0.5), NmsCpu.Keep(boxes.to(float32), scores.to(float32), classes, 0.5), 0);
    }

    [Fact]
    public void TheKernelTakesViewsGradientsAndNothing()
    {
        using var scope = NewDisposeScope();
        manual_seed(10);
        Tensor boxes = RoughBoxes(50, float32), scores = rand(50), classes = randint(0, 3, [50], int64);
        Tensor expected = NmsCpu.Keep(boxes, scores, classes, 0.5);
        boxes = boxes.t().contiguous().t().requires_grad_();
        scores = stack([scores, scores], 1)[.., 0].requires_grad_();
        classes = stack([classes, classes], 1)[.., 0];
        Close.To(NmsCpu.Keep(boxes, scores, classes, 0.5), expected, 0);
        Tensor none = NmsCpu.Keep(zeros(0, 4), zeros(0), null, 0.5);
        Assert.Equal([0], none.shape);
        Assert.Equal(int64, none.dtype);
        Assert.Equal([0], NmsCpu.Keep(zeros(0, 4), zeros(0), zeros(0, int64), 0.5).shape);
    }

    [Fact]
    public void AnyNumberOfThreadsKeepsTheSame()
    {
        using var scope = NewDisposeScope();
        manual_seed(11);
        Tensor boxes = RoughBoxes(2000, float32), scores = rand(2000), classes = randint(0, 80, [2000], int64);
        int before = get_num_threads();
        try
        {
            set_num_threads(1);
            Tensor one = NmsCpu.Keep(boxes, scores, classes, 0.5);
            set_num_threads(3);
            Close.To(NmsCpu.Keep(boxes, scores, classes, 0.5), one, 0);
        }
        finally
        {
            set_num_threads(before);
        }
    }

    [Fact]
    public void TheKernelLeavesNoTensorBehind()
    {
        using Tensor boxes = RoughBoxes(20, ScalarType.BFloat16), scores = rand(20), classes = zeros(20, int64);
        LiveTensors.Unchanged(() =>
        {
            NmsChecks.Arguments(boxes, scores, classes);
            using Tensor kept = NmsCpu.Keep(boxes, scores, classes, 0.5);
        });
    }

    [Fact]
    public void ArgumentsOfTheKernelAreChecked()
    {
        using var scope = NewDisposeScope();
        Tensor boxes = zeros(3, 4), scores = zeros(3), classes = zeros(3, int64);
        NmsChecks.Arguments(boxes, scores, classes);
        Assert.Contains("[3, 5]; expected boxes [N, 4]", Failure(zeros(3, 5), scores, null));
        Assert.Contains("Int64; expected floating point", Failure(boxes.to(int64), scores, null));
        Assert.Contains("one score for each of the 3 boxes", Failure(boxes, zeros(3, 1), null));
        Assert.Contains("scores are on meta; expected them with the boxes on cpu", Failure(boxes, zeros([3], device: META), null));
        Assert.Contains("Float32 [3]; expected one int64 class", Failure(boxes, scores, zeros(3)));
        Assert.Contains("Int64 [2]; expected one int64 class for each of the 3 boxes", Failure(boxes, scores, zeros(2, int64)));
        Assert.Contains("classes are on meta", Failure(boxes, scores, zeros([3], int64, device: META)));

        static string Failure(Tensor boxes, Tensor scores, Tensor? classes) =>
            Assert.ThrowsAny<ArgumentException>(() => NmsChecks.Arguments(boxes, scores, classes)).Message;
    }

    // On whole pixels, so that many overlaps are alike and some are exactly the threshold; a few are duplicates.
    private static Tensor RoughBoxes(int count, ScalarType dtype)
    {
        Tensor boxes = (rand(count, 4) * 30).round();
        boxes = cat([boxes[.., ..2], boxes[.., ..2] + boxes[.., 2..]], 1);
        return cat([boxes[..(count / 5)], boxes[..(count - count / 5)]]).to(dtype);
    }
}
