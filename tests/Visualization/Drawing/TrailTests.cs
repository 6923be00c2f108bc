using OpenCvSharp;
using Vision.Data;

namespace Vision.Visualization.Tests.Drawing;

/// <summary>Tracked objects on images.</summary>
public class TrailTests
{
    private static readonly Color gray = new(128, 128, 128);
    private static readonly DetectionPainter painter = new([new(1, "cat"), new(2, "dog")]);

    [Fact]
    public void IdentityGivesTheColorOfBoxAndTrail()
    {
        using Mat image = Pixels.Plain(200, 200);
        painter.Draw(image, Tracked(id: 5, (30, 160), (75, 160), (120, 160)));
        Assert.Equal(Palette.Of(5), Pixels.At(image, 100, 130));
        Assert.Equal(Palette.Of(5), Pixels.At(image, 60, 160));
        Assert.Equal(0, Pixels.Count(image, Palette.Of(1)));
        // Before it begins there is nothing, and beside it a casing.
        Assert.Equal(gray, Pixels.At(image, 20, 160));
        Assert.InRange(Enumerable.Range(156, 9).Count(y => Pixels.At(image, 60, y).Luminance < 0.05), 2, 4);
    }

    [Fact]
    public void TheCaptionTellsTheIdentity()
    {
        using Mat tracked = Pixels.Plain(200, 200), named = Pixels.Plain(200, 200);
        painter.Draw(tracked, Tracked(id: 1, (120, 160)));
        new DetectionPainter([new(1, "cat 1")]).Draw(named, Tracked(id: 1, (120, 160)) with { Tracks = null });
        Assert.Equal(Pixels.Bytes(named), Pixels.Bytes(tracked));
    }

    [Fact]
    public void ATrailIsThinnerWhereItIsOld()
    {
        using Mat image = Pixels.Plain(1000, 1000);
        painter.Draw(image, Tracked(id: 2, [.. Enumerable.Range(0, 20).Select(i => (50f + 40 * i, 500f))]));
        Assert.InRange(Thickness(80), 1, Thickness(780) - 1);

        int Thickness(int x) => Enumerable.Range(490, 20).Count(y => Pixels.At(image, x, y) != gray);
    }

    [Fact]
    public void AnEnlargedCopyHasAnEnlargedTrail()
    {
        using Mat image = Pixels.Plain(200, 200);
        using Mat painted = painter.Painted(image, Tracked(id: 5, (30, 160), (75, 160), (120, 160)), enlargement: 2);
        Assert.Equal(Palette.Of(5), Pixels.At(painted, 130, 320));
        Assert.Equal(gray, Pixels.At(painted, 40, 320));
    }

    [Fact]
    public void PlacesFarOutsideDoNotStopThePainter()
    {
        using Mat image = Pixels.Plain(200, 200);
        painter.Draw(image, Tracked(id: 1, (float.NaN, 0), (float.PositiveInfinity, 5), (-1e30f, 3), (190, 20), (195, 30)));
        painter.Draw(image, Tracked(id: 1));
        Assert.Equal(Palette.Of(1), Pixels.At(image, 193, 26));
    }

    private static Detections Tracked(int id, params (float X, float Y)[] trail) =>
        new() { Boxes = [new(100, 100, 141, 161)], Labels = [1], Scores = [0.87f], Tracks = [new Track(id, trail)] };
}
