namespace Vision.Data.Tests;

public sealed class SegmentationDatasetTests
{
    private static SegmentationDataset Of(int count) => new()
    {
        Name = "streets",
        Categories = [new(0, "road")],
        Samples = [.. Enumerable.Range(0, count)
            .Select(i => new SegmentationSample { File = $"{i:00}.jpg", MaskFile = $"{i:00}.png", Values = MaskValues.Plain(1) })],
        Colors = [(1, 2, 3)],
    };

    [Fact]
    public void AHoldOutTakesItsPartAndTheRestTrains()
    {
        (SegmentationDataset train, SegmentationDataset held) = Of(50).Split();
        Assert.Equal((45, 5), (train.Samples.Count, held.Samples.Count));
        Assert.Equal(Of(50).Samples.Select(sample => sample.File),
            train.Samples.Concat(held.Samples).Select(sample => sample.File).Order());
        Assert.Equal(train.Samples.OrderBy(sample => sample.File), train.Samples);
        Assert.Equal(("streets (train)", "streets (held out)"), (train.Name, held.Name));
        Assert.Equal(Of(50).Colors, held.Colors);
        Assert.Equal(held.Samples.Select(sample => sample.File), Of(50).Split().HeldOut.Samples.Select(sample => sample.File));
        Assert.NotEqual(held.Samples.Select(sample => sample.File), Of(50).Split(seed: 1).HeldOut.Samples.Select(sample => sample.File));
    }

    [Fact]
    public void OneImageIsNotSplit() =>
        Assert.Equal("streets: 1 image cannot be split into training and validation; give at least two.",
            Assert.Throws<InputException>(() => Of(1).Split()).Message);
}
