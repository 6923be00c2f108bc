namespace Vision.Training;

/// <summary>A run, of any kind of model, that says what it was told to do.</summary>
public interface IDescribedRun
{
    /// <summary>What it was told to do.</summary>
    RunFile Description { get; }
}
