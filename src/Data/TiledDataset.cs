namespace Vision.Data;

/// <summary>A view of a data set in which large images are cut into overlapping tiles, each an image of its own.</summary>
public static class TiledDataset
{
    /// <summary>Cuts the images. Images that fit into a tile stay as they are;
    /// tiles are spread evenly, so that all have the same size.</summary>
    /// <param name="dataset">The images.</param>
    /// <param name="tile">Side of a tile, in pixels.</param>
    /// <param name="overlap">The fraction of a tile that the next one also covers, in [0, 1). It should be as wide as typical objects, so
    /// that each is complete in some tile.</param>
    /// <param name="minVisible">The minimum fraction of an object that a tile must show for training on it, in [0, 1]; other objects are
    /// left out of that tile.</param>
    /// <returns>Samples with new ids, in the order of the images, rows and columns.</returns>
    public static DetectionDataset Of(DetectionDataset dataset, int tile, double overlap = 0.2, double minVisible = 0.3)
    {
        List<Targets> tiles = [];
        long annotation = 0;
        foreach (Targets sample in dataset.Samples)
        {
            foreach ((int x, int y, int width, int height) in TileGrid.Of(sample.Width, sample.Height, tile, overlap))
            {
                Targets part = sample.Moved(width, height, AffineMap.Shift(-x, -y), minVisible);
                tiles.Add(part with
                {
                    ImageId = tiles.Count + 1,
                    Window = sample.Window is { } outer
                        ? outer with { X = outer.X + x, Y = outer.Y + y } : new(x, y, sample.Width, sample.Height),
                    Objects = [.. part.Objects.Select(item => item with { Id = ++annotation })],
                });
            }
        }
        return new() { Name = $"{dataset.Name} (tiles of {tile})", Categories = dataset.Categories, Samples = tiles,
            Report = dataset.Report };
    }
}
