namespace Vision.Training;

/// <summary>How far a run is.</summary>
public enum RunStage
{
    /// <summary>It has not begun, or not reached its first checkpoint.</summary>
    Missing,

    /// <summary>It was stopped, and can be resumed.</summary>
    Interrupted,

    /// <summary>It ran to its end.</summary>
    Finished,
}
