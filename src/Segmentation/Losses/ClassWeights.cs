namespace Vision.Segmentation;

/// <summary>Weights of classes from how many pixels they have, so that rare ones are learned too.</summary>
public static class ClassWeights
{
    /// <summary>The median share over the class's own (Eigen and Fergus 2014, arXiv:1411.4734): each class then counts alike.</summary>
    /// <param name="pixels">Pixels of each class in the training set.</param>
    /// <param name="most">No weight is greater: a class of a few pixels would shake the training.</param>
    /// <returns>A weight of each class; 1 of those without pixels.</returns>
    public static float[] MedianFrequency(IReadOnlyList<long> pixels, float most = 10)
    {
        long[] there = [.. pixels.Where(count => count > 0).Order()];
        if (there.Length == 0) return [.. pixels.Select(_ => 1f)];
        double median = (there[(there.Length - 1) / 2] + there[there.Length / 2]) / 2.0;
        return [.. pixels.Select(count => count > 0 ? (float)Math.Min(most, median / count) : 1)];
    }
}
