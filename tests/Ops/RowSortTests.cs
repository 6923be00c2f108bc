using Vision.Testing;
using static TorchSharp.torch;

namespace Vision.Ops.Tests;

public class RowSortTests
{
    [Theory]
    [InlineData(3, 1)]
    [InlineData(1, 1000)]
    [InlineData(5, 4097)]
    public void RowsComeInTheOrderOfAStableSort(int rows, int length)
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        // Many equal numbers, both signs, both infinities.
        Tensor values = cat(
            [randn(rows, length) * 3, full([rows, 2], float.PositiveInfinity), full([rows, 1], float.NegativeInfinity)], 1).round() * 1e-3f;
        long[] order = [.. RowSort.Descending(values).data<long>()];
        float[] numbers = [.. (values + 0f).data<float>()];
        for (int row = 0; row < rows; row++)
        {
            long[] mine = order[(row * (length + 3))..((row + 1) * (length + 3))];
            Assert.Equal(Enumerable.Range(0, length + 3)
                .OrderByDescending(place => numbers[row * (length + 3) + place]).Select(place => (long)place), mine);
        }
    }

    [Fact]
    public void ViewsAndNothingAreSortedToo()
    {
        using var scope = NewDisposeScope();
        Tensor columns = rand(100, 7);
        Close.To(columns.t().gather(1, RowSort.Descending(columns.t())), columns.t().sort(1, true).Values, 0);
        Assert.Equal([4, 0], RowSort.Descending(zeros([4, 0])).shape);
        Assert.Equal([0, 4], RowSort.Descending(zeros([0, 4])).shape);
        Assert.Contains("expected Float32", Assert.Throws<ArgumentException>(() => RowSort.Descending(zeros(2, 2, int64))).Message);
    }

    [Fact]
    public void NotANumberComesFirst()
    {
        using var scope = NewDisposeScope();
        Tensor values = tensor(new[] { 1f, float.NaN, float.PositiveInfinity, -float.NaN, -1 }).reshape(1, 5);
        Assert.Equal([1L, 3, 2, 0, 4], RowSort.Descending(values).data<long>().ToArray());
        Close.To(RowSort.Descending(values), values.argsort(1, true), 0);
    }
}
