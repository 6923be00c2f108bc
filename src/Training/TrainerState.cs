using System.Text.Json.Serialization;

namespace Vision.Training;

/// <summary>The state of a run besides its weights and the optimizer's momenta.</summary>
internal sealed class TrainerState
{
    /// <summary>The number of epochs trained and evaluated.</summary>
    public int Epoch { get; set; }

    /// <summary>The number of batches done in the epoch after them; always at the end of a step.</summary>
    public int BatchInEpoch { get; set; }

    /// <summary>The losses of these batches.</summary>
    public LossMeans Losses { get; set; } = new();

    /// <summary>The learning rate of the last step.</summary>
    public double LearningRate { get; set; }

    /// <summary>The main metric after each epoch.</summary>
    public List<double> Scores { get; set; } = [];

    /// <summary>The callbacks' factor on the learning rate.</summary>
    public double RateFactor { get; set; } = 1;

    /// <summary>What callbacks remember.</summary>
    public Dictionary<string, string> Memory { get; set; } = [];

    /// <summary>The number of steps in the average of the weights.</summary>
    public long Averaged { get; set; }

    /// <summary>The loss scale; null unless training in float16.</summary>
    public LossScale? LossScale { get; set; }

    /// <summary>The time spent; null without a time budget, since it differs each time.</summary>
    public SpentTime? Time { get; set; }

    /// <summary>Why the run ended before its last epoch; null if it did not.</summary>
    public string? EndedBecause { get; set; }

    /// <summary>The best value of the main metric; null before the first evaluation.</summary>
    [JsonIgnore]
    public double? Best => Scores.Count == 0 ? null : Scores.Max();

    /// <summary>The number of epochs since the best one.</summary>
    [JsonIgnore]
    public int EpochsSinceBest => Scores.Count == 0 ? 0 : Scores.Count - 1 - Scores.IndexOf(Scores.Max());
}
