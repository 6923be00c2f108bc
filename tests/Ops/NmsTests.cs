using System.Runtime.InteropServices;
using Vision.Backbones.Weights;
using Vision.Testing;
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
            Tensor byClass = Nms.KeepPerClass(cases[$"{i}.boxes"], cases[$"{i}.scores"], cases[$"{i}.classes"], cases[$"{i}.threshold"].item<double>());
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
        Assert.Contains("one score for each of the 3 boxes", Assert.ThrowsAny<ExternalException>(() => Nms.Keep(zeros(3, 4), zeros(2), 0.5)).Message);
        Assert.Contains("boxes [N, 4]", Assert.ThrowsAny<ExternalException>(() => Nms.Keep(zeros(3, 5), zeros(3), 0.5)).Message);
        Assert.Contains("one int64 class for each of the 3 scores", Assert.Throws<ArgumentException>(
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
}
