using System.Text.Json;
using Vision.Testing;

namespace Vision.Data.Tests;

public class RleMaskTests
{
    private const int Width = 13, Height = 9;

    [Theory]
    [InlineData(0)]
    [InlineData(0.2)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    [InlineData(1)]
    public void Unions_intersections_areas_and_boxes_are_those_of_the_pixels(double density)
    {
        Random random = new(5);
        for (int round = 0; round < 20; round++)
        {
            byte[][] pixels = [.. Enumerable.Range(0, 3)
                .Select(_ => Enumerable.Range(0, Width * Height).Select(_ => random.NextDouble() < density ? (byte)1 : (byte)0).ToArray())];
            RleMask[] masks = [.. pixels.Select(p => RleMask.Encode(p, Width, Height))];
            byte[] any = [.. pixels[0].Select((_, i) => pixels.Max(p => p[i]))],
                all = [.. pixels[0].Select((_, i) => pixels.Min(p => p[i]))];

            Assert.Equal(pixels[0], masks[0].Decode());
            Assert.Equal(any, RleMask.Union(masks).Decode());
            Assert.Equal(all, RleMask.Intersection(masks).Decode());
            // Canonical runs: the same as those of the decoded pixels.
            Assert.Equal(RleMask.Encode(any, Width, Height).Counts, RleMask.Union(masks).Counts);
            Assert.Equal(RleMask.Encode(all, Width, Height).Counts, RleMask.Intersection(masks).Counts);

            long shared = pixels[0].Zip(pixels[1]).Count(p => p.First + p.Second == 2);
            long area = pixels[0].Sum(p => p), other = pixels[1].Sum(p => p);
            Assert.Equal(area, masks[0].Area);
            Assert.Equal(shared, masks[0].IntersectionArea(masks[1]));
            Assert.Equal(shared == 0 ? 0 : shared / (double)(area + other - shared), masks[0].IoU(masks[1]));
            Assert.Equal(shared == 0 ? 0 : shared / (double)area, masks[0].IoU(masks[1], crowd: true));
            Assert.Equal(SlowBox(pixels[0]), masks[0].BoundingBox);
            Assert.Equal(masks[0].Counts, RleMask.FromCompressed(masks[0].ToCompressed(), Width, Height).Counts);
        }
    }

    [Fact]
    public void Runs_of_length_0_change_nothing()
    {
        RleMask plain = new(2, 4, [2, 3, 3]), padded = new(2, 4, [2, 1, 0, 2, 1, 0, 2, 0]);

        Assert.Equal(plain.Decode(), padded.Decode());
        Assert.Equal((3, plain.BoundingBox), (padded.Area, padded.BoundingBox));
        Assert.Equal(1, plain.IoU(padded));
        Assert.Equal(plain.Counts, RleMask.Union([padded, padded]).Counts);
    }

    [Fact]
    public void An_image_may_be_of_one_pixel_or_none()
    {
        RleMask inside = RleMask.Encode([1], 1, 1), outside = RleMask.Encode([0], 1, 1), none = RleMask.Encode([], 0, 0);

        Assert.Equal((1, new Box(0, 0, 1, 1)), (inside.Area, inside.BoundingBox));
        Assert.Equal((0, default(Box)), (outside.Area, outside.BoundingBox));
        Assert.Equal((1, 0), (inside.IoU(inside), inside.IoU(outside)));
        Assert.Equal([1], RleMask.Union([outside, inside]).Decode());
        Assert.Equal([0], RleMask.Intersection([outside, inside]).Decode());
        Assert.Equal((0, 0, default(Box)), (none.Area, none.IoU(new(0, 0, [])), none.BoundingBox));
        Assert.Empty(RleMask.Union([none, new(0, 0, [])]).Decode());
    }

    [Fact]
    public void Mistakes_are_explained()
    {
        RleMask mask = RleMask.Encode(new byte[6], 2, 3);

        Assert.Equal("The masks are of images of 2×3 and 3×2 pixels; expected the same size.",
            Assert.Throws<ArgumentException>(() => mask.IoU(RleMask.Encode(new byte[6], 3, 2))).Message);
        Assert.Throws<ArgumentException>(() => RleMask.Union([mask, RleMask.Encode(new byte[1], 1, 1)]));
        Assert.Contains("at least one", Assert.Throws<ArgumentException>(() => RleMask.Union([])).Message);
        Assert.Equal("A mask's runs cover 5 pixels; expected 2×3.", Assert.Throws<InputException>(() => new RleMask(2, 3, [5])).Message);
        Assert.Equal("A mask's compressed counts are damaged at character 2.",
            Assert.Throws<InputException>(() => RleMask.FromCompressed("6\u0001", 2, 3)).Message);
        Assert.Throws<InputException>(() => RleMask.FromCompressed("o", 2, 3));
    }

    /// <summary>The results' boxes were made by pycocotools of the very masks beside them.</summary>
    [SkippableFact]
    public void Text_boxes_and_areas_are_pycocotools_own()
    {
        using JsonDocument results = JsonDocument.Parse(File.ReadAllBytes(SharedData.Find("golden/cocoeval/segm.dt.json")));
        Assert.True(results.RootElement.GetArrayLength() > 1000);
        foreach (JsonElement result in results.RootElement.EnumerateArray())
        {
            JsonElement segment = result.GetProperty("segmentation");
            string text = segment.GetProperty("counts").GetString()!;
            RleMask mask = RleMask.FromCompressed(text, segment.GetProperty("size")[1].GetInt32(),
                segment.GetProperty("size")[0].GetInt32());
            Assert.Equal(text, mask.ToCompressed());
            Assert.Equal(mask.Counts, RleMask.Encode(mask.Decode(), mask.Width, mask.Height).Counts);
            float[] box = [.. result.GetProperty("bbox").EnumerateArray().Select(side => side.GetSingle())];
            Assert.Equal(new Box(box[0], box[1], box[0] + box[2], box[1] + box[3]), mask.BoundingBox);
        }
    }

    private static Box SlowBox(byte[] pixels)
    {
        var inside = Enumerable.Range(0, pixels.Length).Where(i => pixels[i] != 0).Select(i => (X: i % Width, Y: i / Width)).ToList();
        return inside.Count == 0 ? default
            : new(inside.Min(p => p.X), inside.Min(p => p.Y), inside.Max(p => p.X) + 1, inside.Max(p => p.Y) + 1);
    }
}
