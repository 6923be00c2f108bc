using Vision.Data;

namespace Vision.Segmentation;

/// <summary>Counts the pixels of classes.</summary>
public static class PixelCounts
{
    /// <summary>How many pixels of a data set each class has. Masks that cannot be read are left out; training reports them.</summary>
    /// <param name="dataset">The images; their masks are read.</param>
    /// <param name="progress">Is told (images done, images in all).</param>
    public static long[] Of(SegmentationDataset dataset, Action<int, int>? progress = null)
    {
        long[] total = new long[dataset.Categories.Count];
        int done = 0;
        Parallel.ForEach(dataset.Samples, sample =>
        {
            long[] own = new long[SegmentationMap.Ignore + 1];
            try
            {
                foreach (byte value in sample.ReadMap().Classes) own[value]++;
            }
            catch (InputException)
            {
                return;
            }
            lock (total)
            {
                for (int i = 0; i < total.Length; i++) total[i] += own[i];
                progress?.Invoke(++done, dataset.Samples.Count);
            }
        });
        return total;
    }
}
