namespace Vision.Ops.RoiAlignment;

/// <summary>A region's place in a <see cref="RoiPlan{T}"/>.</summary>
internal struct RoiRegion
{
    /// <summary>Its place in the list of regions.</summary>
    public long Roi;

    /// <summary>Its image's place in the batch.</summary>
    public long Image;

    /// <summary>Its first bin among the rows' taps.</summary>
    public long FirstRow;

    /// <summary>Its first bin among the columns' taps.</summary>
    public long FirstColumn;

    /// <summary>The first row of pixels that it touches.</summary>
    public long Top;

    /// <summary>The rows from there to the last one.</summary>
    public long Height;

    /// <summary>The first column of pixels that it touches.</summary>
    public long Left;

    /// <summary>The columns from there to the last one.</summary>
    public long Width;
}
