namespace Vision.Data;

/// <summary>A class of objects: the id that its data set gives it, and its name.</summary>
/// <remarks>
/// <para>A detector's label of a category is its place in the data set's list plus one (0 is background); a
/// classifier's is its place, from 0. Ids may be any numbers, as COCO's are.</para>
/// <para>Two categories are equal where ids, names and the order of keypoints are: a model of the one
/// then serves the other. The skeleton is for drawing alone.</para>
/// </remarks>
/// <param name="Id">The data set's own category id, as it goes back out into results.</param>
/// <param name="Name">What a person calls it, such as "person".</param>
public sealed record Category(int Id, string Name)
{
    /// <summary>The names of its keypoints, such as "left_elbow", in the order in which
    /// annotations list them; empty where it has none.</summary>
    public IReadOnlyList<string> Keypoints { get; init; } = [];

    /// <summary>Which keypoints are joined by a line, by their places from 0.</summary>
    public IReadOnlyList<(int From, int To)> Skeleton { get; init; } = [];

    /// <inheritdoc/>
    public bool Equals(Category? other) => other is not null && Id == other.Id && Name == other.Name
        && Keypoints.SequenceEqual(other.Keypoints);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Id, Name, Keypoints.Count);

    /// <summary>For each keypoint the place of the one that takes its place in a mirror: "left_…"
    /// and "right_…" change places, others stay.</summary>
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

    /// <summary>On which side of the object a keypoint is, by its name and as the object
    /// itself sees it: −1 left, 0 neither, 1 right.</summary>
    /// <param name="keypoint">Its place in <see cref="Keypoints"/>.</param>
    public int SideOf(int keypoint)
    {
        string name = Keypoints[keypoint];
        return OtherSide(name) == name ? 0
            : name.Contains("left", StringComparison.OrdinalIgnoreCase)
                || name.StartsWith("l_", StringComparison.OrdinalIgnoreCase) ? -1 : 1;
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
