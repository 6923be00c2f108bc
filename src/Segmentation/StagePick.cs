using Vision.Backbones;

namespace Vision.Segmentation;

/// <summary>Which stages of a backbone a head looks at.</summary>
internal static class StagePick
{
    /// <summary>Of each stride the last stage, the deepest.</summary>
    /// <param name="stages">All stages of a backbone, finest first.</param>
    /// <param name="strides">Ascending.</param>
    /// <exception cref="ArgumentException">A stride has no stage.</exception>
    public static int[] OfStrides(IReadOnlyList<Stage> stages, params int[] strides) =>
        [.. strides.Select(stride => Last(stages, stride) is var place and >= 0
        ? place
        : throw new ArgumentException(
            $"It has stages of strides {string.Join(", ", stages.Select(stage => stage.Reduction).Distinct())}, and {stride} is needed"))];

    /// <summary>Of each stride that there is the last stage.</summary>
    public static int[] OfEveryStride(IReadOnlyList<Stage> stages) =>
        [.. stages.Select(stage => stage.Reduction).Distinct().Select(stride => Last(stages, stride))];

    /// <summary>Of each stride from 4 on the last stage.</summary>
    public static int[] FromStrideFour(IReadOnlyList<Stage> stages) =>
        [.. OfEveryStride(stages).Where(place => stages[place].Reduction >= 4)];

    /// <summary>The first stage of stride 8, or of a coarser one where there is none.</summary>
    public static int FirstOfEight(IReadOnlyList<Stage> stages) =>
        stages.Select((stage, i) => (stage, i)).First(entry => entry.stage.Reduction >= 8).i;

    private static int Last(IReadOnlyList<Stage> stages, int stride)
    {
        for (int i = stages.Count - 1; i >= 0; i--)
            if (stages[i].Reduction == stride) return i;
        return -1;
    }
}
