namespace Vision.Ops.DeformableConvolution;

/// <summary>Consecutive channels with the same offset group and the same group of the convolution.</summary>
/// <param name="OffsetGroup">The index of the offset group.</param>
/// <param name="Group">The index of the group of the convolution.</param>
/// <param name="First">The first channel.</param>
/// <param name="Count">Number of channels.</param>
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

    /// <summary>The channels of the run in [<paramref name="begin"/>, <paramref name="end"/>); may be empty.</summary>
    public ChannelRun Within(int begin, int end)
    {
        int first = Math.Max(First, begin);
        return this with { First = first, Count = Math.Max(0, Math.Min(First + Count, end) - first) };
    }
}
