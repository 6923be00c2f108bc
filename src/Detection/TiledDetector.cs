using OpenCvSharp;
using Vision.Data;
using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>Finds small objects in large images: any detector, tile by tile, at its own
/// scale. Memory does not grow with the image.</summary>
public sealed class TiledDetector
{
    private readonly Detector detector;
    private readonly Device device;

    /// <summary>Cuts images for a detector.</summary>
    /// <param name="detector">The detector, in evaluation mode; it stays the caller's.</param>
    /// <param name="device">Where it is; the CPU by default.</param>
    public TiledDetector(Detector detector, Device? device = null)
    {
        this.detector = detector;
        this.device = device ?? CPU;
    }

    /// <summary>Side of a tile, in pixels; best the one that the detector was trained on.</summary>
    public int Tile { get; init; } = 640;

    /// <summary>The part of a tile that the next one shows as well, in [0, 1): as wide as usual objects.</summary>
    public double Overlap { get; init; } = 0.2;

    /// <summary>Tiles in a batch.</summary>
    public int BatchSize { get; init; } = 4;

    /// <summary>Whether the model also sees the full image, shrunk to a tile, for objects larger than a tile.</summary>
    public bool IncludeFullImage { get; init; } = true;

    /// <summary>How detections of several tiles become one.</summary>
    public TileMerge Merge { get; init; } = TileMerge.Suppress;

    /// <summary>The overlap from which two detections of one class are taken for the same object, in [0, 1].</summary>
    public double MergeThreshold { get; init; } = 0.5;

    /// <summary>What is found in an image.</summary>
    /// <param name="image">RGB, 8 bits.</param>
    /// <returns>In pixels of the image, the surest first.</returns>
    public Detections Predict(Mat image)
    {
        List<FoundObject> found = [];
        foreach (var tiles in TileGrid.Of(image.Width, image.Height, Tile, Overlap).Chunk(BatchSize))
        {
            Mat[] parts = [.. tiles.Select(tile => new Mat(image, new Rect(tile.X, tile.Y, tile.Width, tile.Height)))];
            foreach (var (tile, detections) in tiles.Zip(Detect(parts)))
                found.AddRange(FoundObject.Of(detections, AffineMap.Shift(tile.X, tile.Y), image.Width, image.Height));
        }
        double scale = (double)Tile / Math.Max(image.Width, image.Height);
        if (IncludeFullImage && scale < 1)
        {
            Mat small = ImageResize.Resized(image, Math.Max(1, (int)Math.Round(image.Width * scale)),
                Math.Max(1, (int)Math.Round(image.Height * scale)));
            AffineMap back = AffineMap.Scale((double)image.Width / small.Width, (double)image.Height / small.Height);
            found.AddRange(FoundObject.Of(Detect([small])[0], back, image.Width, image.Height));
        }
        return FoundObject.Together(TileMerger.Merged(found, Merge, MergeThreshold));
    }

    /// <summary>Detects in images, which it disposes.</summary>
    private Detections[] Detect(Mat[] images)
    {
        using var scope = NewDisposeScope();
        try
        {
            return detector.call([.. images.Select(image => ImageTensor.From(image).to(device))]);
        }
        finally
        {
            foreach (Mat image in images) image.Dispose();
        }
    }
}
