using OpenCvSharp;
using Vision.Data;

namespace Vision.Visualization.Tests.Drawing;

public class ClassificationPainterTests
{
    private static readonly ClassScores scores = new() { Labels = [2, 0, 1], Scores = [0.7f, 0.2f, 0.1f] };

    [Fact]
    public void ALineForEachClassInItsColor()
    {
        using Mat image = new(200, 300, MatType.CV_8UC3, new Scalar(9, 9, 9));
        new ClassificationPainter([new(0, "ant"), new(1, "bee"), new(2, "cat")]).Draw(image, scores);
        foreach (int label in (int[])[1, 2, 3]) Assert.True(Pixels.Count(image, Palette.Of(label)) > 50, $"label {label}");
    }

    [Fact]
    public void ATinyImageIsLeftAloneWhereNoLineFits()
    {
        using Mat image = new(4, 4, MatType.CV_8UC3, new Scalar(9, 9, 9));
        new ClassificationPainter([new(0, "ant"), new(1, "bee"), new(2, "cat")]).Draw(image, scores);
        Assert.Equal(16, Pixels.Count(image, new Color(9, 9, 9)));
    }
}
