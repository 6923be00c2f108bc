using Vision.Data;

namespace Vision.Detection;

/// <summary>
/// Follows objects through a video by the overlap of their boxes alone (Bochinski et al. 2017, "High-speed tracking-by-detection without
/// using image information"), each moved on as it last moved, and all of a frame assigned together (SORT, Bewley et al. 2016,
/// arXiv:1602.00763; here with a plain velocity in place of its Kalman filter).
/// </summary>
/// <remarks>Show it every frame of one video in order. Its memory does not grow with the video.</remarks>
public sealed class IouTracker
{
    private readonly List<TrackedObject> objects = [];
    private int identities;

    /// <summary>The least intersection over union of a detection and the box that is expected of its
    /// object, in (0, 1]. By default 0.3, as in SORT.</summary>
    public double MinIou { get; init; } = 0.3;

    /// <summary>For how many frames on end an object may stay unseen before it is given up. By default 25, a
    /// second of most videos: a straight line foretells no more.</summary>
    public int MaxUnseen { get; init; } = 25;

    /// <summary>How many places a trail has at most, from 1. By default 50, two seconds of most videos.</summary>
    public int TrailLength { get; init; } = 50;

    /// <summary>Says of the next frame's detections which objects they are.</summary>
    /// <param name="found">What was found, in pixels, the sure alone: whatever matches no object becomes one.</param>
    /// <returns>The same with <see cref="Detections.Tracks"/>.</returns>
    public Detections Update(Detections found)
    {
        foreach (TrackedObject item in objects) item.MoveOn();
        double[,] cost = Costs(found);
        int[] detectionOf = LinearAssignment.Solve(cost);                       // of each object, or −1
        var owners = new TrackedObject?[found.Count];
        for (int i = 0; i < detectionOf.Length; i++)
        {
            int detection = detectionOf[i];
            if (detection < 0 || cost[i, detection] == 0) continue;
            objects[i].See(found.Boxes[detection]);
            owners[detection] = objects[i];
        }
        for (int i = 0; i < owners.Length; i++)
        {
            if (owners[i] is not null) continue;
            owners[i] = new TrackedObject(++identities, found.Labels[i], found.Boxes[i], TrailLength);
            objects.Add(owners[i]!);
        }
        objects.RemoveAll(item => item.Unseen > MaxUnseen);
        return found with { Tracks = [.. owners.Select(owner => owner!.ToTrack())] };
    }

    /// <summary>What it costs to take each detection for each object: less where they overlap more, and 0 where it cannot be.</summary>
    private double[,] Costs(Detections found)
    {
        var cost = new double[objects.Count, found.Count];
        for (int i = 0; i < objects.Count; i++)
        {
            for (int j = 0; j < found.Count; j++)
            {
                if (objects[i].Label != found.Labels[j]) continue;
                double iou = objects[i].Expected.Iou(found.Boxes[j]);
                // Where an object was expected for longer, that counts for less: it must not take another's place that it is hidden behind.
                if (iou >= MinIou) cost[i, j] = -iou / objects[i].Unseen;
            }
        }
        return cost;
    }
}
