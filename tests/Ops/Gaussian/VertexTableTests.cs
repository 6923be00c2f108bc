using Vision.Ops.Gaussian;

namespace Vision.Ops.Tests.Gaussian;

public unsafe class VertexTableTests
{
    [Theory]
    [InlineData(1, 20000), InlineData(2, 80), InlineData(5, 4), InlineData(15, 1)]
    public void NumbersAreThoseOfADictionary(int dimensions, int range)
    {
        Random random = new(dimensions);
        VertexTable table = new(dimensions);
        Dictionary<string, int> expected = [];
        int[] vertex = new int[dimensions];
        fixed (int* pointer = vertex)
        {
            for (int i = 0; i < 30000; i++)
            {
                for (int k = 0; k < dimensions; k++) vertex[k] = random.Next(-range, range + 1);
                string key = string.Join(' ', vertex);
                Assert.Equal(expected.GetValueOrDefault(key, VertexTable.None), table.Find(pointer));
                expected.TryAdd(key, expected.Count);
                Assert.Equal(expected[key], table.Insert(pointer));
                Assert.Equal(expected.Count, table.Count);
            }
        }
        // More than the slots that it starts with.
        Assert.True(table.Count > 5000);
        foreach (var (key, number) in expected) Assert.Equal(key, string.Join(' ', new Span<int>(table[number], dimensions).ToArray()));
    }
}
