using Vision.Backbones;
using Vision.Data;
using Vision.Testing;
using static TorchSharp.torch;

namespace Vision.Detection.Tests;

public class DetrTests
{
    private static readonly DetrOptions small =
        new() { Queries = 8, Width = 32, Heads = 4, EncoderLayers = 2, DecoderLayers = 2, FeedForward = 64 };

    [Fact]
    public void DetectionsAreSortedInsideTheImageOneForEachQuery()
    {
        using var scope = NewDisposeScope();
        using Detector model = Small();
        model.eval();
        Detections[] found = model.call([rand(3, 70, 110), rand(3, 64, 50)]);
        Assert.All(found, one => Assert.Equal(8, one.Count));
        Assert.All(found, one => Assert.Equal(one.Scores.OrderDescending(), one.Scores));
        Assert.All(found[0].Labels, label => Assert.InRange(label, 1, 3));
        Assert.All(found[0].Boxes, box =>
            Assert.True(box is { X1: >= 0, Y1: >= 0, X2: <= 110, Y2: <= 70, Width: > 0, Height: > 0 }, $"{box} is not inside the image."));
        Assert.All(found[1].Boxes, box =>
            Assert.True(box is { X1: >= 0, Y1: >= 0, X2: <= 50, Y2: <= 64, Width: > 0, Height: > 0 }, $"{box} is not inside the image."));
    }

    [Fact]
    public void TheOutputOfTheUnusedClassIsNeverADetection()
    {
        using var scope = NewDisposeScope();
        // Query 0 says "unused", query 1 class 2, query 2 no object.
        Tensor logits = tensor(new float[] { 9, 1, 2, 0, 0, 1, 9, 0, 0, 1, 0, 9 }).reshape(1, 3, 4);
        Tensor boxes = tensor(new float[] { .5f, .5f, .2f, .2f, .25f, .5f, .5f, 1, .9f, .9f, .4f, .4f }).reshape(1, 3, 4);
        Detections found = DetrPostprocess.ToDetections(logits, boxes, [new ImageSize(100, 200)])[0];
        Assert.Equal(2, found.Labels[0]);
        Assert.Equal(new Box(0, 0, 100, 100), found.Boxes[0]);
        Assert.DoesNotContain(0, found.Labels);
        Assert.DoesNotContain(3, found.Labels);
        Assert.True(found.Scores[1] < 0.01f);
        Assert.Contains(new Box(140, 70, 200, 100), found.Boxes);
    }

    [Fact]
    public void PaddingIsNotLookedAt()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        DetrTransformer transformer = new(small);
        transformer.eval();
        ImageBatch batch = new() { Pixels = zeros(2, 3, 96, 128), Sizes = [new(96, 128), new(40, 70)],
            OriginalSizes = [new(96, 128), new(40, 70)] };
        FeaturePaddingMask cells = FeaturePaddingMask.Of(batch, 3, 4);
        Assert.True(cells.HasPadding);
        Assert.Equal(12 + 2 * 3, cells.Valid.sum().item<long>());
        Tensor features = randn(2, 32, 3, 4), queries = randn(8, 32);
        Tensor disturbed = where(cells.Valid.unsqueeze(1), features, features + 100);
        Close.To(transformer.Decode(disturbed, cells, queries), transformer.Decode(features, cells, queries), 1e-6);
        // And an image has the same objects alone as beside a larger one.
        ImageBatch one = new() { Pixels = zeros(1, 3, 40, 70), Sizes = [new(40, 70)], OriginalSizes = [new(40, 70)] };
        FeaturePaddingMask own = FeaturePaddingMask.Of(one, 2, 3);
        Assert.False(own.HasPadding);
        Tensor alone = transformer.Decode(features.narrow(0, 1, 1).narrow(2, 0, 2).narrow(3, 0, 3), own, queries);
        Close.To(transformer.Decode(features, cells, queries).narrow(1, 1, 1), alone, 1e-5);
        transformer.Dispose();
    }

    [Theory]
    [InlineData(0), InlineData(1), InlineData(300)]
    public void EveryParameterGetsAGradient(int objects)
    {
        using var scope = NewDisposeScope();
        using Detector model = Small();
        model.train();
        Random random = new(4);
        Box[] boxes = [.. Enumerable.Range(0, objects)
            .Select(_ => new Box(random.Next(40), random.Next(30), 41 + random.Next(30), 31 + random.Next(20)))];
        Losses losses = model.ComputeLosses(Batch([rand(3, 60, 80), rand(3, 64, 64)], [boxes, []]));
        losses.Total().backward();
        AssertFinite(model, losses);
        if (objects == 0) Assert.Equal(0, losses["loss_bbox"].item<float>());
    }

    [Fact]
    public void OfMoreObjectsThanQueriesTheCheapestArePaired()
    {
        using var scope = NewDisposeScope();
        // Two queries look exactly at objects 1 and 3 of four.
        float[] places = [.1f, .4f, .6f, .9f];
        Tensor wanted = tensor((float[])[.. places.SelectMany(place => new[] { place, place, .1f, .1f })]).reshape(1, 4, 4);
        DetrTargets targets = new(wanted, ones(1, 4, ScalarType.Int64), [4]);
        Tensor found = stack([wanted[0][3], wanted[0][1]]).reshape(1, 1, 2, 4);
        DetrMatches matches = new DetrMatcher(small).Match(zeros(1, 1, 2, 5), found, targets);
        Assert.Equal([(1L, 1L), (0L, 3L)], matches.Queries.Zip(matches.Objects));
    }

    [Fact]
    public void LossesThatAreNoNumbersComeOutAsSuch()
    {
        using var scope = NewDisposeScope();
        DetrTargets targets = new(full([1, 1, 4], 0.5), ones(1, 1, ScalarType.Int64), [1]);
        Losses losses = new DetrLoss(small).Of(full([1, 1, 2, 5], double.NaN), full([1, 1, 2, 4], double.NaN), targets);
        Assert.All(losses, loss => Assert.True(float.IsNaN(loss.Value.item<float>())));
    }

    [Theory]
    [InlineData("mobilenet_v3_small"), InlineData("vgg11"), InlineData("convnext_tiny"), InlineData("swin_t"),
        InlineData("preact_resnet18")]
    public void OtherBackbonesGoUnderIt(string backbone)
    {
        using var scope = NewDisposeScope();
        using Detector model = DetectorCatalog.Create("detr_" + backbone,
            new DetectorOptions { NumClasses = 4, MinSize = 48, MaxSize = 64, Detr = small });
        model.eval();
        Assert.All(model.call([rand(3, 48, 64), rand(3, 40, 30)]), found => Assert.Equal(8, found.Count));
    }

    [Fact]
    public void ABackboneThatCannotBeDilatedIsRefused()
    {
        var error = Assert.Throws<InputException>(() => DetectorCatalog.Create("detr_swin_t_dc5", new DetectorOptions { NumClasses = 4 }));
        Assert.StartsWith("A detr_swin_t_dc5 cannot have the backbone swin_t: SwinTransformer cannot have output stride 16",
            error.Message);
    }

    [Fact]
    public void SizesAreReadOffTheWeights()
    {
        using var scope = NewDisposeScope();
        using Detector model = Small();
        DetectorOptions options = DetectorWeights.OptionsFor("detr_resnet18", model.state_dict(), "weights");
        Assert.Equal(small with { Heads = 8 }, options.Detr);
        Assert.Equal(4, options.NumClasses);
        // Only the classes are fresh where another data set has others.
        using Detector other = DetectorCatalog.Create("detr_resnet18", options with { NumClasses = 7, Norm = NormKind.GroupNorm });
        Assert.Equal(["class_embed.*"], DetectorWeights.LoadForTraining(other, "detr_resnet18", model.state_dict(), "weights"));
    }

    [Trait("Category", "Slow")]
    [Fact]
    public void LearnsWhereThingsAreByHeart()
    {
        manual_seed(7);
        using Detector model = DetectorCatalog.Create("detr_resnet18", new DetectorOptions
        {
            NumClasses = 3, MinSize = 64, MaxSize = 64, Norm = NormKind.FrozenBatchNorm,
            Detr = small with { Queries = 5, Width = 64, Dropout = 0 },
        });
        Box square = new(6, 8, 26, 28), disc = new(34, 30, 58, 54);
        using DetectionBatch batch = Batch([zeros(3, 64, 64)], [[square, disc]], labels: [[1, 2]]);
        using (var scope = NewDisposeScope())
            foreach (Annotation item in batch.Targets[0].Objects)
                batch.Images[0][item.Label].narrow(0, (long)item.Box.Y1, (long)item.Box.Height)
                    .narrow(1, (long)item.Box.X1, (long)item.Box.Width).fill_(1);

        using var optimizer = optim.AdamW(model.parameters(), 1e-3, weight_decay: 1e-4);
        model.train();
        double first = 0, last = 0;
        for (int step = 0; step < 100; step++)
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            Tensor loss = model.ComputeLosses(batch).Total();
            loss.backward();
            nn.utils.clip_grad_norm_(model.parameters(), 1);
            optimizer.step();
            last = loss.item<float>();
            if (step == 0) first = last;
        }
        Assert.True(last < first / 10, $"The loss went from {first} to {last}.");

        model.eval();
        Detections found = model.call(batch.Images)[0].Above(0.5f);
        Assert.Equal([1, 2], found.Labels.Order());
        AssertNear(square, found.Boxes[Array.IndexOf(found.Labels, 1)]);
        AssertNear(disc, found.Boxes[Array.IndexOf(found.Labels, 2)]);
    }

    private static void AssertNear(Box expected, Box actual) => Assert.True(
        Math.Abs(expected.X1 - actual.X1) < 4 && Math.Abs(expected.Y1 - actual.Y1) < 4
        && Math.Abs(expected.X2 - actual.X2) < 4 && Math.Abs(expected.Y2 - actual.Y2) < 4, $"{actual}, expected {expected}");

    private static void AssertFinite(Detector model, Losses losses)
    {
        Assert.All(losses, loss => Assert.True(float.IsFinite(loss.Value.item<float>()), $"{loss.Name} is not finite."));
        foreach (var (name, parameter) in model.named_parameters())
            Assert.True(parameter.grad is not null && parameter.grad.isfinite().all().item<bool>(),
                $"{name} has no gradient, or one that is not finite.");
    }

    private static Detector Small()
    {
        random.manual_seed(3);
        return DetectorCatalog.Create("detr_resnet18",
            new DetectorOptions { NumClasses = 4, MinSize = 64, MaxSize = 128, Norm = NormKind.GroupNorm, Detr = small });
    }

    private static DetectionBatch Batch(Tensor[] images, Box[][] boxes, int[][]? labels = null) => new()
    {
        Images = images,
        Targets =
        [
            .. images.Select((image, i) => new Targets
            {
                ImageId = i, File = $"{i}.jpg", Width = (int)image.shape[2], Height = (int)image.shape[1],
                Objects = [.. boxes[i].Select((box, j) =>
                    new Annotation { Id = j, Box = box, Label = labels?[i][j] ?? 2, Area = box.Area })],
            }),
        ],
    };
}
