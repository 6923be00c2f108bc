namespace Vision.Detection;

/// <summary>What becomes of detections of one class that overlap after the tiles are put together.</summary>
public enum TileMerge
{
    /// <summary>The surest stays (non-maximum suppression by intersection over union).</summary>
    Suppress,

    /// <summary>
    /// They become one, with the box around all: an object that is wider than the overlap of tiles comes in
    /// pieces, which have little of their union in common and much of the smaller one. Overlap is measured as a
    /// part of the smaller box (Akyon et al. 2022, arXiv:2202.06934).
    /// </summary>
    Join,
}
