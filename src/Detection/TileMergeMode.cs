namespace Vision.Detection;

/// <summary>How overlapping detections of one class from different tiles are merged.</summary>
public enum TileMergeMode
{
    /// <summary>The one with the highest score is kept (non-maximum suppression by intersection over union).</summary>
    Suppress,

    /// <summary>
    /// They are joined into one detection with their enclosing box: an object that is wider than the overlap of tiles is
    /// detected in pieces, which share little of their union but much of the smaller one. Overlap is measured as a
    /// fraction of the smaller box (Akyon et al. 2022, arXiv:2202.06934).
    /// </summary>
    Join,
}
