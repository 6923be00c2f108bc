using Vision.Data;

namespace Vision.Detection;

/// <summary>
/// Tracks objects through a video by the overlap of their boxes alone (Bochinski et al. 2017, "High-speed tracking-by-detection without
/// using image information"), with motion prediction and a joint assignment per frame (SORT, Bewley et al. 2016,
/// arXiv:1602.00763; here with a constant velocity instead of its Kalman filter).
/// </summary>
/// <remarks>Pass it every frame of one video in order. Its memory does not grow with the video.</remarks>
public sealed class IouTracker
{
    private readonly List<TrackedObject> objects = [];
    private int identities;

    /// <summary>The minimum intersection over union of a detection and the predicted box of its
    /// object, in (0, 1]. By default 0.3, as in SORT.</summary>
    public double MinIou { get; init; } = 0.3;

    /// <summary>The number of consecutive frames that an object may stay undetected before its track ends. By default 25, a
    /// second of most videos: linear motion predicts no further.</summary>
    public int MaxAge { get; init; } = 25;

    /// <summary>The maximum number of positions of a trail, at least 1. By default 50, two seconds of most videos.</summary>
    public int TrailLength { get; init; } = 50;

    /// <summary>Assigns the next frame's detections to objects.</summary>
    /// <param name="found">The detections, in pixels. Pass only confident ones: each unmatched detection becomes a new object.</param>
    /// <returns>The same detections with <see cref="Detections.Tracks"/>.</returns>
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
        objects.RemoveAll(item => item.Unseen > MaxAge);
        return found with { Tracks = [.. owners.Select(owner => owner!.ToTrack())] };
    }

    /// <summary>The cost of assigning each detection to each object: lower for more overlap, and 0 for impossible pairs.</summary>
    private double[,] Costs(Detections found)
    {
        var cost = new double[objects.Count, found.Count];
        for (int i = 0; i < objects.Count; i++)
        {
            for (int j = 0; j < found.Count; j++)
            {
                if (objects[i].Label != found.Labels[j]) continue;
                double iou = objects[i].Expected.Iou(found.Boxes[j]);
                // An object that was undetected for long counts less: it must not take the detection of an object that occludes it.
                if (iou >= MinIou) cost[i, j] = -iou / objects[i].Unseen;
            }
        }
        return cost;
    }
}
