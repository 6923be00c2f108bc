namespace Vision.Visualization;

/// <summary>Keeps account of the frames of a video, and says what is missing.</summary>
internal sealed class VideoProblems(string name, int? announced)
{
    // A video can be broken from one end to the other; a person reads the first few.
    private const int Most = 20;

    private readonly List<string> messages = [];
    private readonly List<(int After, int Frames)> jumps = [];
    private int undecodable;

    public IReadOnlyList<string> Messages => messages;

    /// <summary>Frames handed out so far.</summary>
    public int Delivered { get; set; }

    /// <summary>Whether by the header's count there are frames to come.</summary>
    public bool MoreAnnounced => Delivered + undecodable < announced;

    public void Add(string message)
    {
        if (messages.Count < Most) messages.Add(message);
    }

    /// <summary>A frame came that could not be decoded.</summary>
    public void Undecodable(int frame)
    {
        undecodable++;
        Add($"{name}: frame {frame + undecodable - 1} could not be decoded and is left out.");
    }

    /// <summary>The time went on by some frames more than one.</summary>
    public void Jump(int frames)
    {
        if (jumps.Count < Most) jumps.Add((Delivered - 1, frames));
    }

    /// <summary>The video has ended.</summary>
    public void End()
    {
        int missing = announced - Delivered - undecodable ?? 0;
        if (missing <= 0) return;

        // A video of varying rate jumps in time by itself: only where frames are missing does a jump tell which.
        foreach ((int after, int frames) in jumps)
            Add($"{name}: {(frames == 1 ? "a frame" : $"{frames} frames")} after frame {after} could not be decoded and " +
                $"{(frames == 1 ? "is" : "are")} left out.");
        Add($"{name}: {Delivered} of the {announced} frames that its header announces could be decoded; the file is damaged or cut short.");
    }
}
