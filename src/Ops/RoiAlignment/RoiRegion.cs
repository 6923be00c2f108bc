namespace Vision.Ops.RoiAlignment;

/// <summary>The indices and extents of a region in a <see cref="RoiPlan{T}"/>.</summary>
internal struct RoiRegion
{
    /// <summary>Its index in the list of regions.</summary>
    public long Roi;

    /// <summary>Its image's index in the batch.</summary>
    public long Image;

    /// <summary>Its first bin among the rows' taps.</summary>
    public long FirstRow;

    /// <summary>Its first bin among the columns' taps.</summary>
    public long FirstColumn;

    /// <summary>The first row of pixels that it covers.</summary>
    public long Top;

    /// <summary>The number of rows of pixels that it covers.</summary>
    public long Height;

    /// <summary>The first column of pixels that it covers.</summary>
    public long Left;

    /// <summary>The number of columns of pixels that it covers.</summary>
    public long Width;
}
