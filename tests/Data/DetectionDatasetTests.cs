namespace Vision.Data.Tests;

public sealed class DetectionDatasetTests
{
    private static DetectionDataset Of(int count) => new()
    {
        Name = "toys",
        Categories = [new(1, "cube")],
        Samples = [.. Enumerable.Range(0, count).Select(i => new Targets { ImageId = i, File = $"{i}.jpg", Width = 4, Height = 4 })],
    };

    [Fact]
    public void AHoldOutTakesItsPartAndTheRestTrains()
    {
        (DetectionDataset train, DetectionDataset held) = Of(50).Split();
        Assert.Equal((45, 5), (train.Samples.Count, held.Samples.Count));
        Assert.Equal(Enumerable.Range(0, 50).Select(i => (long)i),
            train.Samples.Concat(held.Samples).Select(sample => sample.ImageId).Order());
        Assert.Equal(train.Samples.OrderBy(sample => sample.ImageId), train.Samples);
        Assert.Equal(("toys (train)", "toys (held out)"), (train.Name, held.Name));
    }

    [Fact]
    public void TheSeedDecidesWhichAreHeldOut()
    {
        Assert.Equal(Held(0), Held(0));
        Assert.NotEqual(Held(0), Held(1));
        static long[] Held(int seed) => [.. Of(50).Split(0.2, seed).HeldOut.Samples.Select(sample => sample.ImageId)];
    }

    [Theory]
    [InlineData(2, 0.1, 1)]
    [InlineData(2, 0.9, 1)]
    [InlineData(3, 0.99, 2)]
    public void NoSideIsEmpty(int count, double fraction, int held) => Assert.Equal(held, Of(count).Split(fraction).HeldOut.Samples.Count);

    [Fact]
    public void WhatCannotBeSplitIsSaid()
    {
        Assert.Equal("toys: 1 image cannot be split into training and validation; give at least two.",
            Assert.Throws<InputException>(() => Of(1).Split()).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => Of(9).Split(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Of(9).Split(double.NaN));
    }
}
