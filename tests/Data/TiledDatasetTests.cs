using OpenCvSharp;
using Vision.Testing;
using static TorchSharp.torch;

namespace Vision.Data.Tests;

public sealed class TiledDatasetTests
{
    [Theory]
    [InlineData(100, 60, 40, 0.25)]
    [InlineData(40, 40, 40, 0.5)]
    [InlineData(41, 200, 40, 0)]
    [InlineData(10, 10, 40, 0.2)]
    public void TilesCoverTheImageAndOverlap(int width, int height, int tile, double overlap)
    {
        var tiles = TileGrid.Of(width, height, tile, overlap).ToArray();
        Assert.All(tiles, part =>
            Assert.True(part.X >= 0 && part.Y >= 0 && part.X + part.Width <= width && part.Y + part.Height <= height));
        Assert.All(tiles, part => Assert.Equal((Math.Min(tile, width), Math.Min(tile, height)), (part.Width, part.Height)));
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++)
                Assert.Contains(tiles, part => x >= part.X && x < part.X + part.Width && y >= part.Y && y < part.Y + part.Height);
        int[] columns = [.. tiles.Select(part => part.X).Distinct().Order()];
        Assert.All(columns.Skip(1).Zip(columns), pair => Assert.True(pair.First - pair.Second <= Math.Max(1, tile * (1 - overlap))));
    }

    [Fact]
    public void ObjectsGoIntoTheTilesThatShowEnoughOfThem()
    {
        using TempFolder folder = new();
        using Mat image = Pictures.Noise(100, 40, 1);
        string file = folder.Write("a.png", image.Encoded(".png"));
        DetectionDataset data = new()
        {
            Name = "wide", Categories = [new(1, "thing")],
            Samples = [new()
            {
                ImageId = 7, File = file, Width = 100, Height = 40,
                // In both tiles; mostly in the first; in the second.
                Objects = [new() { Id = 1, Label = 1, Box = new(45, 5, 55, 15), Area = 100 },
                    new() { Id = 2, Label = 1, Box = new(20, 5, 44, 15), Area = 240 },
                    new() { Id = 3, Label = 1, Box = new(70, 5, 80, 15), Area = 100 }],
            }],
        };
        DetectionDataset tiles = TiledDataset.Of(data, 60, 0.3, minVisible: 0.5);
        Assert.Equal([(0, 60, 40), (40, 60, 40)], tiles.Samples.Select(sample => (sample.Window!.Value.X, sample.Width, sample.Height)));
        Assert.Equal([new Box(45, 5, 55, 15), new Box(20, 5, 44, 15)], tiles.Samples[0].Objects.Select(item => item.Box));
        Assert.Equal([new Box(5, 5, 15, 15), new Box(30, 5, 40, 15)], tiles.Samples[1].Objects.Select(item => item.Box));
        Assert.Equal([1L, 2L, 3L, 4L], tiles.Samples.SelectMany(sample => sample.Objects).Select(item => item.Id));
        Assert.Equal([1L, 2L], tiles.Samples.Select(sample => sample.ImageId));

        // The loader gives the pixels of the window; tiles of tiles lie where they should.
        foreach (DetectionDataset view in new[] { tiles, TiledDataset.Of(tiles, 50, 0) })
        {
            foreach (DetectionBatch batch in new DetectionLoader(view, new() { BatchSize = 9, Shuffle = false }).Epoch(0))
            {
                using (batch)
                {
                    for (int i = 0; i < batch.Images.Length; i++)
                    {
                        Targets sample = view.Samples[i];
                        using Mat window = Crop.Padded(image, sample.Window!.Value.X, sample.Window.Value.Y, sample.Width, sample.Height);
                        using Tensor expected = ImageTensor.From(window);
                        Close.To(batch.Images[i], expected, 0);
                    }
                }
            }
        }
    }
}
