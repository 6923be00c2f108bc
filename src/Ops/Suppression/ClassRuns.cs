using System.Runtime.InteropServices;

namespace Vision.Ops.Suppression;

/// <summary>
/// Places for boxes so that those of a class lie together, best first, each class from a whole vector on: boxes of different classes
/// never meet, and vectors never hold two classes.
/// </summary>
internal sealed unsafe class ClassRuns
{
    private readonly List<long> counts = [];

    /// <summary>Splits boxes by class.</summary>
    /// <param name="order">The boxes by descending score.</param>
    /// <param name="classes">Each box's class; null if there is only one.</param>
    /// <param name="count">How many boxes there are.</param>
    /// <param name="lanes">Values in a vector.</param>
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

    /// <summary>Where the boxes go, in the order of their scores.</summary>
    public long[] Places { get; }

    /// <summary>The places in all, in whole vectors.</summary>
    public long PlaceCount { get; }

    /// <summary>Where each class starts.</summary>
    public long[] Begins { get; }

    /// <summary>The place after the last box of a class.</summary>
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
