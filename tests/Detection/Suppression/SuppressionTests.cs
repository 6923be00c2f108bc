using Vision.Data;
using Vision.Ops;
using static TorchSharp.torch;

namespace Vision.Detection.Tests;

public class SuppressionTests
{
    private static readonly SuppressionOptions loose = new() { IouThreshold = 0.3 };

    [SkippableTheory]
    [InlineData(SuppressionKind.SoftLinear, "linear"), InlineData(SuppressionKind.SoftGaussian, "gaussian")]
    public void SoftSuppressionIsThePapers(SuppressionKind kind, string name)
    {
        var peer = PairLossTests.peer.Value;
        Detections all = From(peer["nms.boxes"], peer["nms.scores"], peer["nms.labels"]);
        Detections found = SoftNms.Apply(all, loose with { Kind = kind });
        Box[] expected = [.. peer[$"soft.{name}.rows"].ToHost<long>().Select(row => all.Boxes[row])];
        Assert.Equal(expected, found.Boxes);
        foreach (var (actual, score) in found.Scores.Zip(peer[$"soft.{name}.scores"].ToHost<float>())) Assert.Equal(score, actual, 1e-5f);
    }

    [SkippableFact]
    public void FusedBoxesAreThePapers()
    {
        var peer = PairLossTests.peer.Value;
        Detections[] views = [.. Enumerable.Range(0, 3)
            .Select(i => From(peer[$"view.{i}.boxes"], peer[$"view.{i}.scores"], peer["nms.labels"]))];
        Detections fused = new WeightedBoxesFusion(detectionsPerImage: int.MaxValue).Fuse(views);
        float[][] expected = [.. peer["fused"].ToHost<float>().Chunk(6)];
        Assert.Equal(expected.Length, fused.Count);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal((int)expected[i][1], fused.Labels[i]);
            Assert.Equal(expected[i][0], fused.Scores[i], 1e-5f);
            Assert.Equal(expected[i][2], fused.Boxes[i].X1, 1e-3f);
            Assert.Equal(expected[i][5], fused.Boxes[i].Y2, 1e-3f);
        }
    }

    [Fact]
    public void ClassesCompeteOnlyWhereAsked()
    {
        using var scope = NewDisposeScope();
        Candidates candidates = new(
            tensor(new float[] { 0, 0, 10, 10, 1, 0, 11, 10, 50, 50, 60, 60, 0, 0, 10, 10 }).reshape(4, 4),
            tensor(new[] { 0.9f, 0.8f, 0.7f, 0.6f }),
            tensor(new long[] { 1, 2, 1, 1 }), tensor(new long[] { 0, 0, 0, 1 }));
        ImageBatch images = new() { Pixels = zeros(2, 3, 100, 100), Sizes = [new(100, 100), new(100, 100)],
            OriginalSizes = [new(100, 200), new(100, 100)] };
        Detections[] perClass = new Suppressor(loose, 100).Keep(candidates, images).ToDetections(images),
            all = new Suppressor(loose with { ClassAgnostic = true }, 100).Keep(candidates, images).ToDetections(images);
        Assert.Equal([1, 2, 1], perClass[0].Labels);
        Assert.Equal([1, 1], all[0].Labels);
        Assert.Equal(new Box(100, 50, 120, 60), all[0].Boxes[1]);                   // in pixels of the image as it was given, twice as wide
        Assert.Single(all[1]);                                                        // images do not compete
        Detections soft = new Suppressor(loose with { ClassAgnostic = true, Kind = SuppressionKind.SoftLinear }, 2)
            .Keep(candidates, images).ToDetections(images)[0];
        Assert.Equal([0.9f, 0.7f], soft.Scores);
    }

    [Fact]
    public void TheSurestOfEachGroupStay()
    {
        using var scope = NewDisposeScope();
        Tensor rows = TopPerGroup.Rows(tensor(new[] { 1f, 5, 3, 4, 2, 9 }), tensor(new long[] { 7, 7, 7, 2, 2, 4 }), 2);
        Assert.Equal([1L, 2, 3, 4, 5], rows.sort().Values.ToHost<long>());
        Assert.Equal(0, TopPerGroup.Rows(zeros(0), zeros(0, int64), 2).shape[0]);
    }

    [Fact]
    public void AnAugmentedDetectorFindsMirroredAndScaledObjectsInTheirPlace()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(3);
        Detector detector = DetectorCatalog.Create("fcos_resnet18_fpn",
            new() { NumClasses = 3, MinSize = 64, MaxSize = 96, Fcos = new() { ScoreThreshold = 0.01 } });
        detector.eval();
        Tensor image = rand(3, 60, 80);
        Detections plain = detector.call([image])[0];
        Assert.True(plain.Count > 0, "Nothing is found.");
        using var mirroring = new TestTimeAugmentation(detector, flips: true, fusion: new WeightedBoxesFusion(0.99));
        mirroring.eval();
        Detections both = mirroring.call([image])[0], mirrored = mirroring.call([image.flip(2)])[0];
        // The same views in the other order: so the same boxes, mirrored.
        Assert.Equal(both.Count, mirrored.Count);
        Assert.Contains(mirrored.Boxes, box => Math.Abs(80 - box.X2 - both.Boxes[0].X1) < 0.01
            && Math.Abs(box.Y1 - both.Boxes[0].Y1) < 0.01);
        using var scaling = new TestTimeAugmentation(detector, [0.75, 1.5], flips: false);
        Assert.All(scaling.call([image])[0].Boxes, box =>
            Assert.True(box is { X1: >= 0, X2: <= 80.01f, Y1: >= 0, Y2: <= 60.01f }, $"{box} is outside."));
    }

    [Fact]
    public void ADetectorOfOneScaleSaysSo()
    {
        using var scope = NewDisposeScope();
        using Detector detector = DetectorCatalog.Create("ssd300_resnet18", DetectorCatalog.DefaultsOf("ssd300_resnet18", 2));
        Assert.StartsWith("A Ssd predicts at scale 1 only, but scale 2 was requested",
            Assert.Throws<NotSupportedException>(() => detector.PredictAt(2, [rand(3, 8, 8)])).Message);
    }

    private static Detections From(Tensor boxes, Tensor scores, Tensor labels) => new()
    {
        Boxes = [.. boxes.ToHost<float>().Chunk(4).Select(box => new Box(box[0], box[1], box[2], box[3]))],
        Labels = [.. labels.ToHost<long>().Select(label => (int)label)],
        Scores = scores.ToHost<float>(),
    };
}
