namespace Vision.Data;

/// <summary>A class of objects: its name and the id that its data set assigns.</summary>
/// <remarks>
/// <para>A detector's label for a category is its index in the data set's list plus one (0 is the background); a classifier's label is the
/// index itself, starting at 0. Ids may be any numbers, as in COCO.</para>
/// <para>Two categories are equal if their ids, names and keypoint order are equal: a model trained for one then works for the other. The
/// skeleton is only used for drawing.</para>
/// </remarks>
/// <param name="Id">The data set's own category id, which is also written to results.</param>
/// <param name="Name">A readable name, such as "person".</param>
public sealed record Category(int Id, string Name)
{
    /// <summary>The names of its keypoints, such as "left_elbow",
    /// in the order in which annotations list them; empty if it has none.</summary>
    public IReadOnlyList<string> Keypoints { get; init; } = [];

    /// <summary>The pairs of keypoints joined by a line, as zero-based indices.</summary>
    public IReadOnlyList<(int From, int To)> Skeleton { get; init; } = [];

    /// <inheritdoc/>
    public bool Equals(Category? other) => other is not null && Id == other.Id && Name == other.Name
        && Keypoints.SequenceEqual(other.Keypoints);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Id, Name, Keypoints.Count);

    /// <summary>For each keypoint, the index of its counterpart after mirroring: "left_…" and "right_…" are swapped, others stay.</summary>
    internal int[] MirroredKeypoints()
    {
        int[] places = [.. Enumerable.Range(0, Keypoints.Count)];
        for (int i = 0; i < places.Length; i++)
        {
            int other = Keypoints.ToList().IndexOf(OtherSide(Keypoints[i]));
            if (other >= 0) places[i] = other;
        }
        return places;
    }

    /// <summary>The side of the object that a keypoint is on, judged by its name and from the object's own view:
    /// −1 left, 0 neither, 1 right.</summary>
    /// <param name="keypoint">Its index in <see cref="Keypoints"/>.</param>
    public int SideOf(int keypoint)
    {
        string name = Keypoints[keypoint];
        if (OtherSide(name) == name) return 0;
        return name.Contains("left", StringComparison.OrdinalIgnoreCase) || name.StartsWith("l_", StringComparison.OrdinalIgnoreCase)
            ? -1 : 1;
    }

    private static string OtherSide(string name) =>
        name.Contains("left", StringComparison.Ordinal) ? name.Replace("left", "right")
        : name.Contains("right", StringComparison.Ordinal) ? name.Replace("right", "left")
        : name.Contains("Left", StringComparison.Ordinal) ? name.Replace("Left", "Right")
        : name.Contains("Right", StringComparison.Ordinal) ? name.Replace("Right", "Left")
        : name.StartsWith("l_", StringComparison.OrdinalIgnoreCase) ? (name[0] == 'l' ? "r" : "R") + name[1..]
        : name.StartsWith("r_", StringComparison.OrdinalIgnoreCase) ? (name[0] == 'r' ? "l" : "L") + name[1..]
        : name;
}
