using OpenCvSharp;

namespace Vision.Visualization.Tests.Drawing;

public class CaptionPlacerTests
{
    private static readonly Size image = new(200, 150), caption = new(40, 10);

    [Fact]
    public void CaptionStandsOnItsBox() =>
        Assert.Equal(new Point(50, 40), new CaptionPlacer(image).Place(new Rect(50, 50, 60, 60), caption));

    [Fact]
    public void CaptionOfABoxAtTheTopIsInsideIt() =>
        Assert.Equal(new Point(50, 3), new CaptionPlacer(image).Place(new Rect(50, 3, 60, 60), caption));

    [Theory]
    [InlineData(-5, -5, 10, 10), InlineData(195, 145, 5, 5), InlineData(0, 0, 200, 150), InlineData(190, 0, 10, 150),
        InlineData(0, 149, 200, 1)]
    public void CaptionsAreInsideTheImage(int x, int y, int width, int height)
    {
        CaptionPlacer placer = new(image);
        for (int i = 0; i < 30; i++)
            if (placer.Place(new Rect(x, y, width, height), caption) is { } place)
                Assert.True(new Rect(0, 0, image.Width, image.Height).Contains(new Rect(place, caption)));
            else Assert.NotEqual(0, i);
    }

    [Fact]
    public void CaptionsOfBoxesOnEachOtherDoNotOverlap()
    {
        CaptionPlacer placer = new(image);
        Point?[] found = [.. Enumerable.Range(0, 60).Select(_ => placer.Place(new Rect(60, 50, 60, 60), caption))];
        Rect[] places = [.. found.OfType<Point>().Select(place => new Rect(place, caption))];

        Assert.True(places.Length >= 10, $"Only {places.Length} captions found a place.");
        // Once there is no room, there is none; and no caption goes far from its box.
        Assert.Equal(places.Length, found.TakeWhile(place => place is not null).Count());
        Assert.All(places, place => Assert.True(place.IntersectsWith(new Rect(60 - 41, 50 - 31, 60 + 82, 60 + 62))));
        for (int i = 0; i < places.Length; i++)
            for (int j = 0; j < i; j++) Assert.False(places[i].IntersectsWith(places[j]), $"{places[i]} and {places[j]}");
    }

    [Fact]
    public void CaptionWiderThanTheImageStartsAtItsEdge() =>
        Assert.Equal(0, new CaptionPlacer(image).Place(new Rect(100, 100, 20, 20), new Size(300, 10))?.X);
}
