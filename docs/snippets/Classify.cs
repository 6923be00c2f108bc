using Vision.Classification;
using Vision.Data;
using Vision.Training;

namespace Vision.Snippets;

internal static class Classify
{
    public static void Train()
    {
        #region train
        var data = ClassificationData.Open("birds");
        var run = ClassifierTraining.Run("resnet18", data, new() { Weights = "imagenet", BackboneRateFactor = 0.1, Epochs = 12 });
        #endregion
        Console.WriteLine(run.Best);
    }

    public static void Predict(DataSplits<ClassificationDataset> data)
    {
        #region predict
        using var classifier = TrainedClassifier.Load("runs/resnet18-1/best.safetensors");
        var best = classifier.Predict("bird.jpg")[0];
        Console.WriteLine($"{best.Category.Name} {best.Score:0.00}");
        Console.WriteLine($"{classifier.Evaluate(data.Validation).Top1:0.000} of the validation images are correct");
        #endregion
    }
}
