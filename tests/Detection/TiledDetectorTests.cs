using OpenCvSharp;
using Vision.Backbones;
using Vision.Data;
using Vision.Testing;
using static TorchSharp.torch;

namespace Vision.Detection.Tests;

public class TiledDetectorTests
{
    /// <summary>Finds the box of each of ten levels of red, where there are enough pixels of it; never looks at more than a tile.</summary>
    private sealed class RedFinder(int largest) : Detector(nameof(RedFinder))
    {
        public int Calls { get; private set; }

        public override Backbone Backbone => throw new NotSupportedException();

        public override Losses ComputeLosses(DetectionBatch batch) => throw new NotSupportedException();

        public override Detections[] forward(Tensor[] images) => [.. images.Select(Find)];

        private Detections Find(Tensor image)
        {
            Calls++;
            int height = (int)image.shape[1], width = (int)image.shape[2];
            Assert.True(Math.Max(height, width) <= largest);
            using Tensor first = image[0].contiguous();
            ReadOnlySpan<byte> red = first.bytes;                               // images are handed over as they are decoded
            List<(Box Box, byte[] Mask, int Pixels)> found = [];
            for (int level = 100; level <= 250; level += 10)
            {
                byte[] mask = new byte[red.Length];
                for (int i = 0; i < mask.Length; i++) mask[i] = (byte)(Math.Abs(red[i] - level) < 1 ? 1 : 0);
                RleMask runs = RleMask.Encode(mask, width, height);
                if (runs.Area >= 12) found.Add((runs.BoundingBox, mask, (int)runs.Area));
            }
            var sorted = found.OrderByDescending(item => item.Pixels).ToArray();
            return new()
            {
                Boxes = [.. sorted.Select(item => item.Box)],
                Labels = [.. sorted.Select(_ => 1)],
                Scores = [.. sorted.Select(item => 1 - 1f / (1 + item.Pixels))],
                Masks = [.. sorted.Select(item => RleMask.Encode(item.Mask, width, height))],
                Keypoints = [.. sorted.Select(item => new[] { new Keypoint(item.Box.X1, item.Box.Y1, 1) })],
            };
        }
    }

    private static Mat Scene(params Rect[] places)
    {
        Mat image = new(300, 500, MatType.CV_8UC3, new Scalar(0, 0, 0));
        for (int i = 0; i < places.Length; i++) image[places[i]].SetTo(new Scalar(100 + 10 * i, 0, 0));
        return image;
    }

    [Fact]
    public void EachObjectIsFoundOnceWhereItIs() => LiveTensors.Unchanged(() =>
    {
        // One in a corner, one that several tiles show whole, one on the border of tiles.
        Rect[] places = [new(0, 0, 10, 6), new(110, 105, 14, 14), new(490, 290, 10, 10), new(200, 40, 16, 12)];
        using Mat image = Scene(places);
        using RedFinder finder = new(100);
        Detections found = new TiledDetector(finder) { Tile = 100, Overlap = 0.3, IncludeFullImage = false }.Predict(image);
        Assert.Equal(TileGrid.Of(500, 300, 100, 0.3).Count(), finder.Calls);
        Assert.Equal(places.Select(place => new Box(place.X, place.Y, place.Right, place.Bottom)).OrderBy(box => box.X1),
            found.Boxes.OrderBy(box => box.X1));
        Assert.Equal(found.Scores.OrderDescending(), found.Scores);
        for (int i = 0; i < found.Count; i++)
        {
            Assert.Equal((500, 300), (found.Masks![i].Width, found.Masks[i].Height));
            Assert.Equal(found.Boxes[i], found.Masks[i].BoundingBox);
            Assert.Equal((found.Boxes[i].X1, found.Boxes[i].Y1), (found.Keypoints![i][0].X, found.Keypoints[i][0].Y));
        }
    });

    [Fact]
    public void PiecesOfAWideObjectAreJoined()
    {
        using Mat image = Scene(new Rect(50, 120, 260, 20));
        using RedFinder finder = new(100);
        // Tiles overlap by more than half, so that pieces do as well.
        Detections joined = new TiledDetector(finder) { Tile = 100, Overlap = 0.6, IncludeFullImage = false, Merge = TileMergeMode.Join,
            MergeThreshold = 0.3 }.Predict(image);
        Assert.Equal([new Box(50, 120, 310, 140)], joined.Boxes);
        Assert.Equal(260 * 20, joined.Masks![0].Area);
        Detections suppressed = new TiledDetector(finder) { Tile = 100, Overlap = 0.6, IncludeFullImage = false }.Predict(image);
        Assert.True(suppressed.Count > 1);
    }

    [Fact]
    public void AnObjectLargerThanATileIsFoundInTheWholeImage()
    {
        using Mat image = Scene(new Rect(40, 40, 400, 200));
        using RedFinder finder = new(100);
        Detections found = new TiledDetector(finder) { Tile = 100, Merge = TileMergeMode.Join }.Predict(image);
        Box box = Assert.Single(found.Boxes);
        Assert.True(Math.Abs(box.X1 - 40) <= 5 && Math.Abs(box.X2 - 440) <= 5 && Math.Abs(box.Y1 - 40) <= 5 && Math.Abs(box.Y2 - 240) <= 5,
            $"{box}");
    }

    [Fact]
    public void AnImageOfATilesSizeIsSeenOnceAndAnEmptyOneGivesNothing()
    {
        using Mat image = new(80, 100, MatType.CV_8UC3, new Scalar(0, 0, 0));
        using RedFinder finder = new(100);
        Detections none = new TiledDetector(finder) { Tile = 100 }.Predict(image);
        Assert.Equal((0, 1), (none.Count, finder.Calls));
    }
}
