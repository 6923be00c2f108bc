namespace Vision.Ops.Resampling;

/// <summary>
/// The two lines of a source between which a row of the target lies, for one thread that goes from top to bottom: a line is computed
/// once, although several rows need it.
/// </summary>
/// <param name="memory">Memory for two lines.</param>
/// <param name="length">Numbers in a line.</param>
internal unsafe struct LinePair(float* memory, long length)
{
    private int lowRow = -1, highRow = -1;

    /// <summary>The line above.</summary>
    public float* Low { get; private set; } = memory;

    /// <summary>The line below.</summary>
    public float* High { get; private set; } = memory + length;

    /// <summary>Makes a source row the line above.</summary>
    /// <returns>Whether <see cref="Low"/> must be computed: it is not yet that row.</returns>
    public bool MovesLow(int row)
    {
        if (lowRow == row) return false;
        float* above = Low;
        Low = High;
        High = above;
        (lowRow, highRow) = (highRow, lowRow);
        if (lowRow == row) return false;
        lowRow = row;
        return true;
    }

    /// <summary>Makes a source row the line below.</summary>
    /// <returns>Whether <see cref="High"/> must be computed: it is not yet that row.</returns>
    public bool MovesHigh(int row)
    {
        if (highRow == row) return false;
        highRow = row;
        return true;
    }
}
