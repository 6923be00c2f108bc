using System.Runtime.InteropServices;

namespace Vision.Ops.Suppression;

/// <summary>
/// An order of boxes in which those of a class are consecutive, best first, and each class starts at a vector boundary: boxes of
/// different classes are never compared, and no vector contains two classes.
/// </summary>
internal sealed unsafe class ClassRuns
{
    private readonly List<long> counts = [];

    /// <summary>Splits boxes by class.</summary>
    /// <param name="order">The boxes by descending score.</param>
    /// <param name="classes">Each box's class; null if there is only one.</param>
    /// <param name="count">Number of boxes.</param>
    /// <param name="lanes">Number of values per vector.</param>
    public ClassRuns(long* order, long* classes, long count, int lanes)
    {
        int[] runs = new int[count];
        if (classes == null) counts.Add(count);
        else Split(order, classes, runs);

        Begins = new long[counts.Count];
        for (int run = 0; run < Begins.Length; run++)
        {
            Begins[run] = PlaceCount;
            PlaceCount += (counts[run] + lanes - 1) / lanes * lanes;
        }
        Places = new long[count];
        long[] next = [.. Begins];
        for (long i = 0; i < count; i++) Places[i] = next[runs[i]]++;
    }

    /// <summary>The index of each box, in the order of scores.</summary>
    public long[] Places { get; }

    /// <summary>The total number of indices, in whole vectors.</summary>
    public long PlaceCount { get; }

    /// <summary>The first index of each class.</summary>
    public long[] Begins { get; }

    /// <summary>The index after the last box of a class.</summary>
    public long End(long run) => Begins[run] + counts[(int)run];

    private void Split(long* order, long* classes, int[] runs)
    {
        Dictionary<long, int> known = [];
        for (int i = 0; i < runs.Length; i++)
        {
            ref int run = ref CollectionsMarshal.GetValueRefOrAddDefault(known, classes[order[i]], out bool exists);
            if (!exists)
            {
                run = counts.Count;
                counts.Add(0);
            }
            runs[i] = run;
            counts[run]++;
        }
    }
}
