namespace Vision.Training;

/// <summary>The choice of a batch size by what fits into memory.</summary>
/// <param name="usual">The model's default.</param>
/// <param name="recipe">The recipe for that.</param>
/// <param name="scales">Whether the learning rate follows the batch.</param>
/// <param name="images">The number of training images.</param>
internal sealed class AutoBatch(int usual, TrainerOptions recipe, bool scales, int images)
{
    // Beyond, rates that grow with the batch fail more often than not, and the first epochs have too few steps.
    private const int MostTimesUsual = 8, LeastSteps = 10;

    /// <summary>Whether a batch was chosen.</summary>
    public bool IsDone { get; set; }

    /// <summary>The batch to take if so many images fit.</summary>
    public int Of(int fitting) => Math.Min(fitting, Math.Clamp(images / LeastSteps / recipe.Accumulate, 1, MostTimesUsual * usual));

    /// <summary>The learning rate with a batch: momentum averages gradients, AdamW divides them by their deviation.</summary>
    public double RateAt(int batchSize)
    {
        if (!scales) return recipe.LearningRate;
        double times = (double)batchSize / usual;
        return recipe.LearningRate * (recipe.Optimizer == OptimizerKind.AdamW ? Math.Sqrt(times) : times);
    }
}
