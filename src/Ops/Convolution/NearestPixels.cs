namespace Vision.Ops.Convolution;

/// <summary>The nearest pixels of a smaller or equal map, for the pixels of a larger one: libtorch's nearest interpolation.</summary>
internal readonly struct NearestPixels
{
    private readonly long height, width, ownHeight, ownWidth;
    private readonly float rows, columns;

    /// <summary>The pixels of maps of two sizes.</summary>
    /// <param name="height">Of the map whose pixels are given.</param>
    /// <param name="width">Of the map whose pixels are given.</param>
    /// <param name="ownHeight">Of the map in which the nearest pixels are.</param>
    /// <param name="ownWidth">Of the map in which the nearest pixels are.</param>
    public NearestPixels(long height, long width, long ownHeight, long ownWidth)
    {
        (this.height, this.width, this.ownHeight, this.ownWidth) = (height, width, ownHeight, ownWidth);
        (rows, columns) = ((float)ownHeight / height, (float)ownWidth / width);
    }

    /// <summary>Whether each pixel is its own nearest.</summary>
    public bool AreTheSame => height == ownHeight && width == ownWidth;

    /// <summary>The nearest pixel. Pixels are numbered through the images of a batch.</summary>
    public long this[long pixel]
    {
        get
        {
            (long line, long column) = Math.DivRem(pixel, width);
            (long image, long row) = Math.DivRem(line, height);
            return (image * ownHeight + Math.Min((long)(row * rows), ownHeight - 1)) * ownWidth
                + Math.Min((long)(column * columns), ownWidth - 1);
        }
    }
}
