using Vision.Data;

namespace Vision.Detection;

/// <summary>An object that a tracker tracks.</summary>
internal sealed class TrackedObject(int id, int label, Box box, int trailLength)
{
    private readonly Queue<(float X, float Y)> trail = new([Foot(box)]);
    private Box box = box;
    private (float X, float Y)? velocity;

    /// <summary>Its class, 1..C.</summary>
    public int Label => label;

    /// <summary>Frames since it was last detected; 0 if it was detected in this frame.</summary>
    public int Unseen { get; private set; }

    /// <summary>The predicted box in this frame, assuming constant velocity, in pixels.</summary>
    public Box Expected
    {
        get
        {
            (float x, float y) = (Unseen * (velocity?.X ?? 0), Unseen * (velocity?.Y ?? 0));
            return new Box(box.X1 + x, box.Y1 + y, box.X2 + x, box.Y2 + y);
        }
    }

    /// <summary>Advances to the next frame.</summary>
    public void MoveOn() => Unseen++;

    /// <summary>Updates the object with its detection in this frame.</summary>
    public void See(Box found)
    {
        (float X, float Y) step = ((found.X1 + found.X2 - box.X1 - box.X2) / 2 / Unseen,
            (found.Y1 + found.Y2 - box.Y1 - box.Y2) / 2 / Unseen);
        // Boxes jitter, so the velocity is averaged with the previous one.
        velocity = velocity is { } before ? ((before.X + step.X) / 2, (before.Y + step.Y) / 2) : step;
        box = found;
        Unseen = 0;
        trail.Enqueue(Foot(found));
        while (trail.Count > trailLength) trail.Dequeue();
    }

    /// <summary>The object's public track.</summary>
    public Track ToTrack() => new(id, [.. trail]);

    private static (float X, float Y) Foot(Box box) => ((box.X1 + box.X2) / 2, box.Y2);
}
