using Vision.Data;

namespace Vision.Visualization;

/// <summary>How an object's keypoints are connected, and which are on its left and right.</summary>
/// <param name="Limbs">The pairs of keypoints joined by a line, as zero-based indices.</param>
/// <param name="Sides">The side of each keypoint from the object's own view: −1 left, 0 middle, 1 right.</param>
internal sealed record Skeleton(IReadOnlyList<(int From, int To)> Limbs, IReadOnlyList<int> Sides)
{
    /// <summary>COCO's person: nose, eyes, ears, shoulders, elbows, wrists, hips, knees, ankles; the left one of each pair first.</summary>
    private static readonly Skeleton person = new(
        [
            (15, 13), (13, 11), (16, 14), (14, 12), (11, 12), (5, 11), (6, 12), (5, 6), (5, 7), (6, 8),
            (7, 9), (8, 10), (1, 2), (0, 1), (0, 2), (1, 3), (2, 4), (3, 5), (4, 6),
        ],
        [.. Enumerable.Range(0, 17).Select(point => point == 0 ? 0 : point % 2 == 1 ? -1 : 1)]);

    /// <summary>
    /// The skeleton of an object with a number of keypoints: its category's; if that has none, a person's for COCO's 17 keypoints, and only
    /// points for other numbers.
    /// </summary>
    public static Skeleton Of(Category? category, int keypoints)
    {
        if (category is not null && category.Keypoints.Count == keypoints && category.Skeleton.Count > 0)
            return new(
                [.. category.Skeleton.Where(limb => IsPoint(limb.From) && IsPoint(limb.To))],
                [.. Enumerable.Range(0, keypoints).Select(category.SideOf)]);
        return keypoints == person.Sides.Count ? person : new([], new int[keypoints]);

        bool IsPoint(int place) => place >= 0 && place < keypoints;
    }

    /// <summary>The side of a limb: that of its ends, or the middle if they differ.</summary>
    public int SideOf((int From, int To) limb) => Sides[limb.From] == Sides[limb.To] ? Sides[limb.From]
        : Sides[limb.From] == 0 ? Sides[limb.To] : Sides[limb.To] == 0 ? Sides[limb.From] : 0;
}
