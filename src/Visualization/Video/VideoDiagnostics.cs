namespace Vision.Visualization;

/// <summary>Keeps track of the frames of a video and reports missing ones.</summary>
internal sealed class VideoDiagnostics(string name, int? announced)
{
    // A video can be damaged throughout; only the first few messages are useful.
    private const int Most = 20;

    private readonly List<string> messages = [];
    private readonly List<(int After, int Frames)> jumps = [];
    private int undecodable;

    public IReadOnlyList<string> Messages => messages;

    /// <summary>Number of frames returned so far.</summary>
    public int Delivered { get; set; }

    /// <summary>Whether more frames are to come according to the header.</summary>
    public bool MoreAnnounced => Delivered + undecodable < announced;

    public void Add(string message)
    {
        if (messages.Count < Most) messages.Add(message);
    }

    /// <summary>Reports a frame that could not be decoded.</summary>
    public void Undecodable(int frame)
    {
        undecodable++;
        Add($"{name}: frame {frame + undecodable - 1} could not be decoded and is left out.");
    }

    /// <summary>Reports a gap in time of several frames.</summary>
    public void Jump(int frames)
    {
        if (jumps.Count < Most) jumps.Add((Delivered - 1, frames));
    }

    /// <summary>Reports the end of the video.</summary>
    public void End()
    {
        int missing = announced - Delivered - undecodable ?? 0;
        if (missing <= 0) return;

        // A video with a variable frame rate has gaps in time anyway: a gap locates missing frames only if some are missing.
        foreach ((int after, int frames) in jumps)
            Add($"{name}: {(frames == 1 ? "a frame" : $"{frames} frames")} after frame {after} could not be decoded and " +
                $"{(frames == 1 ? "is" : "are")} left out.");
        Add($"{name}: {Delivered} of the {announced} frames that its header announces could be decoded; the file is damaged or truncated.");
    }
}
