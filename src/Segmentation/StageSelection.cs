using Vision.Backbones;

namespace Vision.Segmentation;

/// <summary>Selects the input stages of a head.</summary>
internal static class StageSelection
{
    /// <summary>The last (deepest) stage of each given stride.</summary>
    /// <param name="stages">All stages of a backbone, finest first.</param>
    /// <param name="strides">Ascending.</param>
    /// <exception cref="ArgumentException">No stage has one of the strides.</exception>
    public static int[] OfStrides(IReadOnlyList<Stage> stages, params int[] strides) =>
        [.. strides.Select(stride => Last(stages, stride) is var place and >= 0 ? place : throw new ArgumentException(
            $"It has stages of strides {string.Join(", ", stages.Select(stage => stage.Reduction).Distinct())}, and {stride} is needed"))];

    /// <summary>The last stage of every stride of the backbone.</summary>
    public static int[] OfEveryStride(IReadOnlyList<Stage> stages) =>
        [.. stages.Select(stage => stage.Reduction).Distinct().Select(stride => Last(stages, stride))];

    /// <summary>The last stage of every stride from 4 on.</summary>
    public static int[] FromStrideFour(IReadOnlyList<Stage> stages) =>
        [.. OfEveryStride(stages).Where(place => stages[place].Reduction >= 4)];

    /// <summary>The first stage of stride 8, or of the next coarser stride if there is none.</summary>
    public static int FirstOfEight(IReadOnlyList<Stage> stages) =>
        stages.Select((stage, i) => (stage, i)).First(entry => entry.stage.Reduction >= 8).i;

    private static int Last(IReadOnlyList<Stage> stages, int stride)
    {
        for (int i = stages.Count - 1; i >= 0; i--)
            if (stages[i].Reduction == stride) return i;
        return -1;
    }
}
