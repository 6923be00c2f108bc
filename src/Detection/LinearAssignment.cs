namespace Vision.Detection;

/// <summary>The assignment problem: the pairing of rows and columns with the minimum total cost, in
/// O(n³) (Kuhn 1955, by shortest augmenting paths).</summary>
internal static class LinearAssignment
{
    /// <summary>Pairs each row with a different column; if there are fewer columns than rows, some rows stay unpaired.</summary>
    /// <param name="cost">The cost of each pair; finite.</param>
    /// <returns>The column of each row, or −1.</returns>
    /// <exception cref="ArgumentException">A cost is not finite.</exception>
    public static int[] Solve(double[,] cost)
    {
        foreach (double value in cost)
            if (!double.IsFinite(value)) throw new ArgumentException($"A cost is {value}; expected finite costs.", nameof(cost));

        int rows = cost.GetLength(0), columns = cost.GetLength(1);
        int[] columnOfRow = new int[rows];
        Array.Fill(columnOfRow, -1);
        if (rows <= columns)
        {
            int[] rowOfColumn = Augment(rows, columns, (row, column) => cost[row, column]);
            for (int column = 0; column < columns; column++)
                if (rowOfColumn[column] >= 0) columnOfRow[rowOfColumn[column]] = column;
        }
        else
        {
            int[] transposed = Augment(columns, rows, (column, row) => cost[row, column]);
            transposed.CopyTo(columnOfRow, 0);
        }
        return columnOfRow;
    }

    /// <summary>Adds rows one by one, each along the shortest path, in reduced costs, to a free column.</summary>
    /// <returns>The row of each column, or −1. <paramref name="rows"/> is at most <paramref name="columns"/>.</returns>
    private static int[] Augment(int rows, int columns, Func<int, int, double> cost)
    {
        double[] rowPotential = new double[rows], columnPotential = new double[columns], distance = new double[columns];
        int[] rowOfColumn = new int[columns], before = new int[columns];
        bool[] done = new bool[columns];
        Array.Fill(rowOfColumn, -1);

        for (int start = 0; start < rows; start++)
        {
            Array.Fill(distance, double.PositiveInfinity);
            Array.Fill(before, -1);
            Array.Clear(done);
            int row = start, at = -1;
            double length = 0;
            do
            {
                // Dijkstra's step: reduced costs are never negative.
                int nearest = -1;
                for (int column = 0; column < columns; column++)
                {
                    if (done[column]) continue;
                    double through = length + cost(row, column) - rowPotential[row] - columnPotential[column];
                    if (through < distance[column]) (distance[column], before[column]) = (through, at);
                    if (nearest < 0 || distance[column] < distance[nearest]) nearest = column;
                }
                done[nearest] = true;
                (at, length, row) = (nearest, distance[nearest], rowOfColumn[nearest]);
            }
            while (row >= 0);

            rowPotential[start] += length;
            for (int column = 0; column < columns; column++)
            {
                if (!done[column] || column == at) continue;
                columnPotential[column] -= length - distance[column];
                rowPotential[rowOfColumn[column]] += length - distance[column];
            }
            for (int previous; at >= 0; at = previous)
            {
                previous = before[at];
                rowOfColumn[at] = previous >= 0 ? rowOfColumn[previous] : start;
            }
        }
        return rowOfColumn;
    }
}
