using Vision.Testing;

namespace Vision.Data.Tests;

public class PolygonRasterTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 7)]
    [InlineData(7, 1)]
    [InlineData(20, 15)]
    [InlineData(64, 48)]
    public void Draws_what_walking_every_step_of_the_outline_draws(int width, int height)
    {
        Random random = new(width);
        for (int round = 0; round < 100; round++)
        {
            double[][] polygons = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => RandomPolygon(random, width, height))];
            byte[] expected = new byte[width * height];
            foreach (double[] polygon in polygons)
                foreach (var (i, pixel) in Walk(polygon, width, height).Index()) expected[i] |= pixel;

            RleMask mask = PolygonRaster.Fill(polygons, width, height);

            Assert.Equal(expected, mask.Decode());
            Assert.Equal(RleMask.Encode(expected, width, height).Counts, mask.Counts);
        }
    }

    [Fact]
    public void A_rectangle_of_whole_pixels_is_those_pixels()
    {
        RleMask mask = RleMask.FromPolygons([[2, 1, 5, 1, 5, 4, 2, 4]], 8, 6);
        Assert.Equal((9, new Box(2, 1, 5, 4)), (mask.Area, mask.BoundingBox));
    }

    [Fact]
    public void The_whole_image_and_more_is_one_run()
    {
        Assert.Equal([0u, 48u], RleMask.FromPolygons([[-5, -5, 100, -5, 100, 100, -5, 100]], 8, 6).Counts);
        Assert.Equal([0u, 48u], RleMask.FromPolygons([[0, 0, 8, 0, 8, 6, 0, 6]], 8, 6).Counts);
    }

    [Fact]
    public void What_encloses_nothing_is_empty()
    {
        float[][] empty = [[], [3, 3], [1, 1, 5, 4], [2, 2, 2, 2, 2, 2], [1, 1, 4, 4, 6, 6], [-9, -9, -2, -9, -2, -2],
            [20, 0, 30, 0, 30, 9], [0, -9, 8, -9, 8, -1], [0, 7, 8, 7, 8, 9]];
        foreach (float[] polygon in empty) Assert.Equal([48u], RleMask.FromPolygons([polygon], 8, 6).Counts);
        Assert.Equal([48u], RleMask.FromPolygons([], 8, 6).Counts);
        Assert.Equal([48u], RleMask.FromPolygons(empty, 8, 6).Counts);
        Assert.Equal(0, RleMask.FromPolygons([[0, 0, 1, 0, 1, 1]], 0, 0).Area);
    }

    [Fact]
    public void A_polygon_that_crosses_itself_is_inside_where_it_winds_oddly()
    {
        // The same square twice over cancels out; as two polygons it does not.
        float[] square = [1, 1, 4, 1, 4, 4, 1, 4];
        Assert.Equal(0, RleMask.FromPolygons([[.. square, 1, 1, .. square]], 8, 6).Area);
        Assert.Equal(9, RleMask.FromPolygons([square, square], 8, 6).Area);
    }

    [Fact]
    public void Floats_are_drawn_as_the_decimals_that_they_were_read_from()
    {
        // Odd tenths lie between two points of the fine grid: 302.9f is a little less than 302.9.
        Random random = new(2);
        for (int round = 0; round < 60; round++)
        {
            double[] polygon = [.. Enumerable.Range(0, 12).Select(_ => random.Next(6400) / 10.0)];
            Assert.Equal(PolygonRaster.Fill([polygon], 640, 640).Counts,
                RleMask.FromPolygons([Array.ConvertAll(polygon, x => (float)x)], 640, 640).Counts);
        }
    }

    [Fact]
    public void Corners_may_be_far_away_but_must_be_numbers()
    {
        Assert.Equal([0u, 48u], RleMask.FromPolygons([[-9e7f, -9e7f, 9e7f, -9e7f, 9e7f, 9e7f, -9e7f, 9e7f]], 8, 6).Counts);
        Assert.Contains("NaN", Assert.Throws<InputException>(() => RleMask.FromPolygons([[0, 0, float.NaN, 1, 1, 1]], 8, 6)).Message);
        Assert.Throws<InputException>(() => RleMask.FromPolygons([[0, 0, float.PositiveInfinity, 1, 1, 1]], 8, 6));
        Assert.Equal("A polygon has 5 coordinates; expected pairs of x and y.",
            Assert.Throws<InputException>(() => RleMask.FromPolygons([[0, 0, 1, 1, 1]], 8, 6)).Message);
    }

    /// <summary>Outlines that were traced around masks come back as the same number of pixels as the file states.</summary>
    [SkippableFact]
    public void Areas_of_real_outlines_are_near_the_annotated()
    {
        using var file = System.Text.Json.JsonDocument.Parse(File.ReadAllBytes(SharedData.Find("golden/cocoeval/segm.gt.json")));
        var sizes = file.RootElement.GetProperty("images").EnumerateArray().ToDictionary(
            image => image.GetProperty("id").GetInt64(),
            image => (Width: image.GetProperty("width").GetInt32(), Height: image.GetProperty("height").GetInt32()));
        double stated = 0, drawn = 0;
        foreach (var item in file.RootElement.GetProperty("annotations").EnumerateArray())
        {
            if (item.GetProperty("segmentation").ValueKind != System.Text.Json.JsonValueKind.Array) continue;
            var (width, height) = sizes[item.GetProperty("image_id").GetInt64()];
            float[][] polygons = [.. item.GetProperty("segmentation")
                .EnumerateArray().Select(polygon => polygon.EnumerateArray().Select(x => x.GetSingle()).ToArray())];
            stated += item.GetProperty("area").GetDouble();
            drawn += RleMask.FromPolygons(polygons, width, height).Area;
        }
        Assert.InRange(drawn / stated, 0.95, 1.05);
    }

    private static double[] RandomPolygon(Random random, int width, int height)
    {
        int kind = random.Next(3);
        return [.. Enumerable.Range(0, 2 * random.Next(1, 9)).Select(i =>
        {
            int side = i % 2 == 0 ? width : height;
            double value = (random.NextDouble() * 2 - 0.5) * side;
            return kind == 0 ? Math.Round(value) : kind == 1 ? Math.Round(value, 1) : value;
        })];
    }

    /// <summary>The obvious way: every point of the outline on the grid of fifths, then each column from the top down.</summary>
    private static byte[] Walk(double[] polygon, int width, int height)
    {
        List<(int X, int Y)> outline = [];
        int corners = polygon.Length / 2;
        for (int i = 0; i < corners; i++)
        {
            int j = (i + 1) % corners;
            int ax = (int)(5 * polygon[2 * i] + 0.5), ay = (int)(5 * polygon[2 * i + 1] + 0.5);
            int bx = (int)(5 * polygon[2 * j] + 0.5), by = (int)(5 * polygon[2 * j + 1] + 0.5);
            int wide = Math.Abs(bx - ax), high = Math.Abs(by - ay);
            bool backwards = wide >= high ? ax > bx : ay > by;
            if (backwards) (ax, ay, bx, by) = (bx, by, ax, ay);
            List<(int, int)> edge = [];
            for (int t = 0; t <= Math.Max(wide, high); t++)
            {
                if (wide == 0 && high == 0) edge.Add((ax, ay));
                else if (wide >= high) edge.Add((ax + t, (int)(ay + (double)(by - ay) / wide * t + 0.5)));
                else edge.Add(((int)(ax + (double)(bx - ax) / high * t + 0.5), ay + t));
            }
            if (backwards) edge.Reverse();
            outline.AddRange(edge);
        }
        int[,] changes = new int[width, height + 1];
        foreach (var (from, to) in outline.Zip(outline.Skip(1)))
        {
            int left = Math.Min(from.X, to.X);
            if (from.X == to.X || left < 0 || left % 5 != 2 || left / 5 >= width) continue;
            changes[left / 5, (int)Math.Ceiling(Math.Clamp((Math.Min(from.Y, to.Y) + 0.5) / 5 - 0.5, 0, height))]++;
        }
        byte[] pixels = new byte[width * height];
        for (int x = 0; x < width; x++)
            for (int y = 0, crossed = 0; y < height; y++)
                pixels[y * width + x] = (byte)((crossed += changes[x, y]) % 2);
        return pixels;
    }
}
