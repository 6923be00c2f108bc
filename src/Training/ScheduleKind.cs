namespace Vision.Training;

/// <summary>How the learning rate falls after warm-up.</summary>
public enum ScheduleKind
{
    /// <summary>It stays, and falls by a factor at each milestone.</summary>
    MultiStep,

    /// <summary>It follows half a cosine down to 0 at the last step.</summary>
    Cosine,
}
