namespace Vision.Ops.DeformableConvolution;

/// <summary>Channels next to each other that share both their offsets and their group of the convolution.</summary>
/// <param name="OffsetGroup">Which offsets they have.</param>
/// <param name="Group">Which group of the convolution they belong to.</param>
/// <param name="First">The first channel.</param>
/// <param name="Count">Channels.</param>
internal readonly record struct ChannelRun(int OffsetGroup, int Group, int First, int Count)
{
    /// <summary>All channels of a convolution, in order.</summary>
    public static ChannelRun[] Of(DeformConvGeometry geometry)
    {
        int channels = (int)geometry.Channels;
        int perGroup = (int)(channels / geometry.Groups), perOffset = (int)(channels / geometry.OffsetGroups);
        List<ChannelRun> runs = [];
        for (int first = 0; first < channels;)
        {
            int group = first / perGroup, offsetGroup = first / perOffset;
            int end = Math.Min((group + 1) * perGroup, (offsetGroup + 1) * perOffset);
            runs.Add(new(offsetGroup, group, first, end - first));
            first = end;
        }
        return [.. runs];
    }

    /// <summary>Those of its channels that are in [<paramref name="begin"/>, <paramref name="end"/>), perhaps none.</summary>
    public ChannelRun Within(int begin, int end)
    {
        int first = Math.Max(First, begin);
        return this with { First = first, Count = Math.Max(0, Math.Min(First + Count, end) - first) };
    }
}
