using Vision.Data;
using Vision.Ops;
using static TorchSharp.torch;

namespace Vision.Detection.Tests;

public class GroundTruthTests
{
    [Fact]
    public void BoxesAreScaledAndCrowdsLeftOut()
    {
        using var scope = NewDisposeScope();
        Targets image = Image(Object(1, new(10, 20, 30, 50), 2), Object(2, new(0, 0, 5, 5), 1) with { IsCrowd = true });
        GroundTruth truth = Assert.Single(GroundTruth.From([image], Batch(), 3));
        Assert.Equal([1, 4], truth.Boxes.shape);
        Assert.Equal([5, 40, 15, 100], truth.Boxes.ToHost<float>());
        Assert.Equal([2], truth.Labels.ToHost<long>());
    }

    [Fact]
    public void AnImageWithoutObjectsIsBackground()
    {
        using var scope = NewDisposeScope();
        GroundTruth truth = Assert.Single(GroundTruth.From([Image()], Batch(), 3));
        Assert.Equal([0, 4], truth.Boxes.shape);
        Assert.Equal([0], truth.Labels.shape);
    }

    [Theory]
    [InlineData(5, 5, 5, 9), InlineData(5, 5, 9, 4), InlineData(float.NaN, 5, 9, 9)]
    public void ABoxWithoutAreaIsNamed(float x1, float y1, float x2, float y2)
    {
        using var scope = NewDisposeScope();
        var error = Assert.Throws<InputException>(() => GroundTruth.From([Image(Object(17, new(x1, y1, x2, y2), 1))], Batch(), 3));
        Assert.StartsWith("cat.jpg: annotation 17 has the box [", error.Message);
        Assert.EndsWith("], which has no area: correct or remove it.", error.Message);
    }

    [Theory]
    [InlineData(0), InlineData(3)]
    public void AnUnknownLabelIsNamed(int label)
    {
        using var scope = NewDisposeScope();
        var error = Assert.Throws<InputException>(() => GroundTruth.From([Image(Object(17, new(0, 0, 1, 1), label))], Batch(), 3));
        Assert.Equal(
            $"cat.jpg: annotation 17 has label {label}, but the model has 1..2: build the model with the data set's number of classes.",
            error.Message);
    }

    // 100×50 pixels, shown to the network at half the width and twice the height
    private static ImageBatch Batch() => new() { Pixels = zeros(1, 3, 128, 64), Sizes = [new(100, 50)], OriginalSizes = [new(50, 100)] };

    private static Targets Image(params Annotation[] objects) =>
        new() { ImageId = 1, File = "cat.jpg", Width = 100, Height = 50, Objects = objects };

    private static Annotation Object(long id, Box box, int label) => new() { Id = id, Box = box, Label = label, Area = box.Area };
}
