namespace Vision.Evaluation;

/// <summary>The two kinds of figure in a COCO table.</summary>
public enum CocoFigureKind
{
    /// <summary>Precision averaged over 101 recalls, thresholds and classes.</summary>
    Precision,

    /// <summary>The recall reached, averaged over thresholds and classes.</summary>
    Recall,
}
