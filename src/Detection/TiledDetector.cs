using OpenCvSharp;
using Vision.Data;
using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>Detects small objects in large images by running any detector tile by tile, without
/// downscaling. Memory does not grow with the image.</summary>
public sealed class TiledDetector
{
    private readonly Detector detector;
    private readonly Device device;

    /// <summary>Wraps a detector.</summary>
    /// <param name="detector">The detector, in evaluation mode; the caller keeps ownership.</param>
    /// <param name="device">The detector's device; the CPU by default.</param>
    public TiledDetector(Detector detector, Device? device = null)
    {
        this.detector = detector;
        this.device = device ?? CPU;
    }

    /// <summary>Side of a tile, in pixels; preferably the size that the detector was trained with.</summary>
    public int Tile { get; init; } = 640;

    /// <summary>The fraction of a tile that overlaps the next one, in [0, 1); choose it as wide as typical objects.</summary>
    public double Overlap { get; init; } = 0.2;

    /// <summary>Number of tiles per batch.</summary>
    public int BatchSize { get; init; } = 4;

    /// <summary>Whether the model also predicts on the full image, shrunk to a tile, for objects larger than a tile.</summary>
    public bool IncludeFullImage { get; init; } = true;

    /// <summary>How detections of several tiles are merged.</summary>
    public TileMergeMode Merge { get; init; } = TileMergeMode.Suppress;

    /// <summary>The minimum overlap at which two detections of one class are the same object, in [0, 1].</summary>
    public double MergeThreshold { get; init; } = 0.5;

    /// <summary>The detections in an image.</summary>
    /// <param name="image">RGB, 8 bits.</param>
    /// <returns>In pixels of the image, highest score first.</returns>
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

    /// <summary>Detects objects in images, and disposes them.</summary>
    private Detections[] Detect(Mat[] images)
    {
        using var scope = NewDisposeScope();
        try
        {
            return detector.call([.. images.Select(image => ImageTensor.Bytes(image).to(device))]);
        }
        finally
        {
            foreach (Mat image in images) image.Dispose();
        }
    }
}
