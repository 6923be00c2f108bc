namespace Vision.Segmentation;

/// <summary>Class weights from pixel counts, so that rare classes are learned too.</summary>
public static class ClassWeights
{
    /// <summary>The median frequency divided by the class's (Eigen and Fergus 2014, arXiv:1411.4734): all classes count alike.</summary>
    /// <param name="pixels">Number of pixels of each class in the training set.</param>
    /// <param name="most">The maximum weight: a class with very few pixels would destabilize training.</param>
    /// <returns>A weight for each class; 1 for classes without pixels.</returns>
    public static float[] MedianFrequency(IReadOnlyList<long> pixels, float most = 10)
    {
        long[] there = [.. pixels.Where(count => count > 0).Order()];
        if (there.Length == 0) return [.. pixels.Select(_ => 1f)];
        double median = (there[(there.Length - 1) / 2] + there[there.Length / 2]) / 2.0;
        return [.. pixels.Select(count => count > 0 ? (float)Math.Min(most, median / count) : 1)];
    }
}
