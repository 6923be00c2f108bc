using OpenCvSharp;
using Vision.Data;
using Vision.Testing;

namespace Vision.Visualization.Tests.Plots;

public class ConfusionMatrixPlotTests
{
    private static Category[] Classes(int count) =>
        [.. Enumerable.Range(0, count).Select(i => new Category(i, $"a class whose name is long, number {i}"))];

    [Fact]
    public void CellsAreDarkWhereTheRowsImagesAre()
    {
        long[,] counts = { { 8, 0, 0 }, { 0, 0, 5 }, { 0, 0, 2 } };
        using Mat picture = ConfusionMatrixPlot.Render(Classes(3), counts);
        Vec3b full = Cell(picture, 0, 0), empty = Cell(picture, 0, 1), wrong = Cell(picture, 1, 2);
        Assert.Equal(full, wrong);
        Assert.Equal(new Vec3b(255, 255, 255), empty);
        Assert.True(full.Item0 < 60);

        static Vec3b Cell(Mat picture, int row, int column) =>
            picture.Get<Vec3b>(60 + row * 760 / 3 + 20, picture.Width - 790 + column * 760 / 3 + 20);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    [InlineData(80)]
    [InlineData(1000)]
    public void AnyNumberOfClassesFits(int classes)
    {
        long[,] counts = new long[classes, classes];
        for (int i = 0; i < classes; i++) counts[i, i] = 1_000_000;
        using Mat picture = ConfusionMatrixPlot.Render(Classes(classes), counts);
        Assert.True(picture.Width >= 760 && picture.Height >= 760);
        using Mat edge = picture[new Rect(picture.Width - 25, 100, 25, picture.Height - 200)].Clone();
        Assert.Equal(edge.Total(), Pixels.Count(edge, Color.White));
    }

    [Fact]
    public void AMatrixOfAnotherSizeIsRefused() =>
        Assert.StartsWith("The matrix is 2×2, but there are 3 classes.",
            Assert.Throws<ArgumentException>(() => ConfusionMatrixPlot.Render(Classes(3), new long[2, 2])).Message);

    [Fact]
    public void WritesAPng()
    {
        using TempFolder folder = new();
        ConfusionMatrixPlot.Write(folder["confusion.png"], Classes(2), new long[2, 2]);
        using Mat back = ImageFile.Read(folder["confusion.png"]);
        Assert.True(back.Width > 760);
    }
}
