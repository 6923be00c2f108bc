using OpenCvSharp;

namespace Vision.Interop.Tests.OpenCv;

public sealed class DrawingTests : IDisposable
{
    private static readonly Scalar ink = new(255);

    private readonly Mat image = new(20, 30, MatType.CV_8UC1, new Scalar(0));

    public void Dispose() => image.Dispose();

    [Fact]
    public void FilledRectangleCoversItsPixelsAlone()
    {
        Cv2.Rectangle(image, new Rect(2, 3, 5, 4), ink, -1);
        Assert.Equal(20, Cv2.CountNonZero(image));
        Assert.Equal((255, 0), (image.Get<byte>(6, 6), image.Get<byte>(7, 6)));
    }

    [Fact]
    public void CornersOfARectangleAreInside()
    {
        Cv2.Rectangle(image, new Point(2, 3), new Point(6, 6), ink);
        Assert.Equal(14, Cv2.CountNonZero(image));
    }

    [Fact]
    public void LineHasItsLengthAndThickness()
    {
        Cv2.Line(image, new Point(1, 10), new Point(10, 10), ink);
        Assert.Equal(10, Cv2.CountNonZero(image));
    }

    [Fact]
    public void CircleAndEllipseCoverTheirArea()
    {
        Cv2.Circle(image, new Point(10, 10), 6, ink, -1);
        Assert.InRange(Cv2.CountNonZero(image), 105, 130);

        image.SetTo(new Scalar(0));
        Cv2.Ellipse(image, new Point(15, 10), new Size(10, 5), 0, 0, 360, ink, -1);
        Assert.InRange(Cv2.CountNonZero(image), 145, 200);
    }

    [Fact]
    public void PolygonsAreFilledEachAndOutlined()
    {
        Point[][] squares = [[new(1, 1), new(4, 1), new(4, 4), new(1, 4)], [new(10, 10), new(12, 10), new(12, 12), new(10, 12)]];

        Cv2.FillPoly(image, squares, ink);
        Assert.Equal(16 + 9, Cv2.CountNonZero(image));

        image.SetTo(new Scalar(0));
        Cv2.Polylines(image, squares, isClosed: true, ink);
        Assert.Equal(12 + 8, Cv2.CountNonZero(image));
    }

    [Fact]
    public void TextFitsTheSizeThatIsForetold()
    {
        Size size = Cv2.GetTextSize("Ag", HersheyFonts.HersheySimplex, 0.4, 1, out int baseline);
        Cv2.PutText(image, "Ag", new Point(2, 2 + size.Height), HersheyFonts.HersheySimplex, 0.4, ink);

        using Mat text = image[new Rect(1, 1, size.Width + 2, size.Height + baseline + 2)];
        Assert.True(Cv2.CountNonZero(image) > 20);
        Assert.Equal(Cv2.CountNonZero(image), Cv2.CountNonZero(text));
    }
}
