namespace Vision.Detection.Tests;

public class LinearAssignmentTests
{
    public static TheoryData<int, int> Shapes => new() { { 1, 1 }, { 1, 6 }, { 6, 1 }, { 5, 5 }, { 3, 7 }, { 7, 3 }, { 6, 7 } };

    [Theory, MemberData(nameof(Shapes))]
    public void NoAssignmentIsCheaper(int rows, int columns)
    {
        Random random = new(rows * 31 + columns);
        for (int trial = 0; trial < 40; trial++)
        {
            // Few different values make many ties; negative ones occur in matching.
            var cost = new double[rows, columns];
            for (int i = 0; i < rows; i++)
                for (int j = 0; j < columns; j++) cost[i, j] = trial % 2 == 0 ? random.Next(-3, 4) : random.NextDouble() * 20 - 10;
            int[] found = LinearAssignment.Solve(cost);
            Assert.Equal(Math.Min(rows, columns), found.Count(column => column >= 0));
            Assert.Equal(found.Count(column => column >= 0), found.Where(column => column >= 0).Distinct().Count());
            Assert.Equal(Cheapest(cost), found.Select((column, row) => column < 0 ? 0 : cost[row, column]).Sum(), 1e-9);
        }
    }

    [Fact]
    public void NothingIsAssignedToNothing()
    {
        Assert.Empty(LinearAssignment.Solve(new double[0, 4]));
        Assert.Equal([-1, -1], LinearAssignment.Solve(new double[2, 0]));
    }

    [Fact]
    public void HundredsAreAssignedAtOnce()
    {
        // The pairs (i, n − 1 − i) cost nothing and all others something.
        const int n = 300;
        var cost = new double[n, n];
        Random random = new(1);
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++) cost[i, j] = i + j == n - 1 ? 0 : 0.1 + random.NextDouble();
        Assert.Equal(Enumerable.Range(0, n).Reverse(), LinearAssignment.Solve(cost));
    }

    [Theory]
    [InlineData(double.NaN), InlineData(double.PositiveInfinity)]
    public void CostsThatAreNoNumbersAreRefused(double value)
    {
        var error = Assert.Throws<ArgumentException>(() => LinearAssignment.Solve(new[,] { { 1, value } }));
        Assert.StartsWith($"A cost is {value}", error.Message);
    }

    private static double Cheapest(double[,] cost)
    {
        int rows = cost.GetLength(0), columns = cost.GetLength(1);
        if (rows > columns)
        {
            var transposed = new double[columns, rows];
            for (int i = 0; i < rows; i++)
                for (int j = 0; j < columns; j++) transposed[j, i] = cost[i, j];
            return Cheapest(transposed);
        }
        return From(0, new bool[columns]);

        double From(int row, bool[] used)
        {
            if (row == rows) return 0;
            double best = double.PositiveInfinity;
            for (int j = 0; j < columns; j++)
            {
                if (used[j]) continue;
                used[j] = true;
                best = Math.Min(best, cost[row, j] + From(row + 1, used));
                used[j] = false;
            }
            return best;
        }
    }
}
