namespace Vision.Evaluation;

/// <summary>The two kinds of metrics in a COCO table.</summary>
public enum CocoMetricKind
{
    /// <summary>Precision averaged over 101 recalls, thresholds and classes.</summary>
    Precision,

    /// <summary>The recall reached, averaged over thresholds and classes.</summary>
    Recall,
}
