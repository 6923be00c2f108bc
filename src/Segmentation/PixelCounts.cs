using Vision.Data;

namespace Vision.Segmentation;

/// <summary>Counts the pixels of classes.</summary>
public static class PixelCounts
{
    /// <summary>The number of pixels of each class in a data set. Masks that cannot be read are skipped; training reports them.</summary>
    /// <param name="dataset">The images; their masks are read.</param>
    /// <param name="progress">Called with (images done, images in total).</param>
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
