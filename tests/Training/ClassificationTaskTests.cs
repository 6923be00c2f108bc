using Vision.Backbones;
using Vision.Classification;
using Vision.Data;
using Vision.Testing;
using Vision.Weights;
using static TorchSharp.torch;

namespace Vision.Training.Tests;

[Trait("Category", "Slow")]
public class ClassificationTaskTests
{
    private static readonly Preprocessing small = new(32, 32);

    [SkippableTheory]
    [InlineData(0, false)]
    [InlineData(0.1, false)]
    [InlineData(0.1, true)]
    public void Three_steps_have_the_losses_and_weights_of_torchvision(double smoothing, bool mixes)
    {
        Peer.Require();
        using TempFolder folder = new();
        using var scope = NewDisposeScope();
        ClassificationDataset pictures = SmallPictures.Write(folder, 6, side: 96);
        using Backbone model = Fresh("resnet18");
        // A ReLU that roundings turn on or off changes gradients by per cents: with this shift of what batch norms give, nearly all are on.
        using (no_grad())
            foreach (var (name, parameter) in model.named_parameters())
                if (name.EndsWith(".bias", StringComparison.Ordinal) && name != "fc.bias") parameter.fill_(3);
        WeightFile.WriteSafetensors(folder["start.safetensors"], model.state_dict(), new Dictionary<string, string>());
        LoaderOptions loading = new() { BatchSize = 6, Shuffle = false };
        BatchMixing? mixing = mixes ? new() { MixupAlpha = 0.4, CutMixAlpha = 1 } : null;
        ClassificationTask task = new(model, new(pictures, loading, mixing), pictures, Describe("resnet18", pictures), smoothing);
        // The peer gets the batches as the loader makes them, so that the loss and the steps are what is compared.
        Dictionary<string, Tensor> batches = [];
        foreach (ClassificationBatch batch in new ClassificationLoader(pictures, loading, mixing).Epoch(0))
            (batches[$"images.{batch.Index}"], batches[$"targets.{batch.Index}"]) = (batch.Images, batch.Targets);
        WeightFile.WriteSafetensors(folder["batches.safetensors"], batches, new Dictionary<string, string>());

        Recorder recorder = new();
        new Trainer<ClassificationBatch>(task, Recipe(folder["run"], 1) with { LearningRate = 0.001 }, recorder).Run();

        Peer.Run("train_classifier.py", folder["start.safetensors"], folder["batches.safetensors"], $"{smoothing}", folder["peer.pth"]);
        var expected = WeightFile.Read(folder["peer.pth"]);
        Assert.Equal(3, recorder.Steps.Count);
        foreach (var (number, step) in recorder.Steps.Index()) Assert.Equal(expected[$"{number}.loss"].item<float>(), step.Loss, 1e-3);
        Dictionary<string, Tensor> trained = WeightFile.Read(folder["run/last.safetensors"]),
            start = WeightFile.Read(folder["start.safetensors"]);
        string[] parameters = [.. model.named_parameters().Select(entry => entry.name)];
        double largestStep = parameters.Max(name => (expected[name] - start[name]).abs().max().item<float>());
        foreach (string name in parameters)
            Assert.True((trained[name] - expected[name]).abs().max().item<float>() < 1e-3 * largestStep,
                $"{name} went elsewhere than torchvision's.");
        foreach (string name in expected.Keys.Where(trained.ContainsKey).Except(parameters))
            Close.To(trained[name], expected[name], 1e-3, name);
    }

    [SkippableFact]
    public void Python_reads_the_weights_and_computes_the_same_logits()
    {
        Peer.Require();
        using TempFolder folder = new();
        using var scope = NewDisposeScope();
        ClassificationDataset pictures = SmallPictures.Write(folder, 4);
        using Backbone model = Fresh("resnet18");
        new Trainer<ClassificationBatch>(
            new ClassificationTask(model, new(pictures, new() { BatchSize = 4 }), pictures, Describe("resnet18", pictures)),
            Recipe(folder["run"], 1)).Run();
        model.eval();
        Tensor images = rand(2, 3, 64, 64);
        WeightFile.WriteSafetensors(folder["images.safetensors"], new Dictionary<string, Tensor> { ["images"] = images },
            new Dictionary<string, string>());

        Peer.Run("classifier_loaded.py", "resnet18", folder["run/best.safetensors"], folder["images.safetensors"], folder["logits.pth"]);

        using var noGrad = no_grad();
        Close.To(WeightFile.Read(folder["logits.pth"])["logits"], model.call(images), 1e-4);
    }

    [Fact]
    public void It_learns_and_keeps_the_best_epoch()
    {
        using TempFolder folder = new();
        ClassificationDataset train = SmallPictures.Write(folder, 24), validation = SmallPictures.Write(folder, 6, place: "others");
        using Backbone model = Fresh("resnet18");
        LoaderOptions loading = new() { BatchSize = 12, Transform = new Compose(new RandomPaddedCrop(32, 2), new RandomHorizontalFlip()) };
        Recorder recorder = new();
        ClassificationTask task = new(model, new(train, loading), validation, Describe("resnet18", train));

        TrainingResult result = new Trainer<ClassificationBatch>(task, Recipe(folder["run"], 8) with { LearningRate = 0.02 }, recorder)
            .Run();

        Assert.True(result.Best > 0.9, $"top-1 is {result.Best}");
        Assert.Equal(18, task.LastEvaluation!.Total);
        Assert.Equal(1, task.LastEvaluation.Top5);
        Assert.StartsWith("epoch,step,learning_rate,loss,loss_classifier,top1,top5,correct,total",
            File.ReadLines(folder["run/metrics.csv"]).First());

        using TrainedClassifier trained = TrainedClassifier.Load(folder["run/best.safetensors"]);
        Assert.Equal(["blue", "green", "red"], trained.Categories.Select(category => category.Name));
        using OpenCvSharp.Mat image = validation.Samples[^1].Read();
        ClassScores scores = trained.Predict(image);
        Assert.Equal(2, scores.Labels[0]);
        Assert.Equal(1, scores.Scores.Sum(), 1e-5);
        Assert.Equal([2], scores.Top(2, 0.5f).Labels);
    }

    [Fact]
    public void A_frozen_backbone_stays_as_it_is_and_the_head_learns()
    {
        using TempFolder folder = new();
        using var scope = NewDisposeScope();
        ClassificationDataset pictures = SmallPictures.Write(folder, 4);
        using Backbone model = Fresh("resnet18");
        Dictionary<string, Tensor> before = model.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.clone());

        ClassificationTask task = new(model, new(pictures, new() { BatchSize = 4 }), pictures, Describe("resnet18", pictures));
        TrainerOptions recipe = Recipe(folder["run"], 1) with { PreciseBatchNorm = 2, FreezeStages = model.Stages.Count };
        new Trainer<ClassificationBatch>(task, recipe).Run();

        string[] changed = [.. model.state_dict().Where(entry => !entry.Value.Equals(before[entry.Key])).Select(entry => entry.Key)];
        Assert.Equal(["fc.bias", "fc.weight"], changed.Order());
    }

    [Fact]
    public void A_new_number_or_other_names_of_classes_get_a_fresh_head()
    {
        using var scope = NewDisposeScope();
        using Backbone given = Fresh("resnet18"), model = Fresh("resnet18", seed: 5), larger = Fresh("resnet18", classes: 7);
        Category[] three = [new(0, "a"), new(1, "b"), new(2, "c")], other = [new(0, "a"), new(1, "c"), new(2, "b")],
            seven = [.. DefaultCategories.For(7)];
        Dictionary<string, Tensor> weights = given.state_dict();

        Assert.Null(ClassifierWeights.LoadForTraining(model, weights, "given", three, three));
        Assert.Null(ClassifierWeights.LoadForTraining(model, weights, "given", null, other));
        Assert.Equal("fc", ClassifierWeights.LoadForTraining(model, weights, "given", three, other));
        Tensor fresh = larger.state_dict()["fc.weight"].clone();
        Assert.Equal("fc", ClassifierWeights.LoadForTraining(larger, weights, "given", three, seven));
        Close.To(larger.state_dict()["fc.weight"], fresh, 0);
        Close.To(larger.state_dict()["conv1.weight"], weights["conv1.weight"], 0);

        using Backbone loaded = ClassifierWeights.Load("resnet18", weights, "given");
        Assert.Equal(3, ClassifierHead.ClassesOf(loaded, loaded.state_dict()));
    }

    [Fact]
    public void Both_data_sets_have_the_same_classes()
    {
        using TempFolder folder = new();
        ClassificationDataset pictures = SmallPictures.Write(folder, 1);
        ClassificationDataset other = new() { Name = "others", Categories = [.. pictures.Categories.Take(2)], Samples = pictures.Samples };
        using Backbone model = Fresh("resnet18");
        Assert.Contains("read both with the same list of classes",
            Assert.Throws<InputException>(() =>
                new ClassificationTask(model, new(pictures, new() { BatchSize = 1 }), other, Describe("resnet18", pictures))).Message);
    }

    [Fact]
    public void No_tensor_stays_behind()
    {
        using TempFolder folder = new();
        ClassificationDataset pictures = SmallPictures.Write(folder, 20);
        using Backbone model = Fresh("resnet18");
        List<long> seen = [];
        Recorder recorder = new() { OnStep = _ => seen.Add(Tensor.TotalCount) };
        ClassificationTask task = new(model, new(pictures, new() { BatchSize = 2, Prefetch = 1 }, new() { MixupAlpha = 0.2 }), pictures,
            Describe("resnet18", pictures));

        new Trainer<ClassificationBatch>(task, Recipe(folder["run"], 2), recorder).Run();

        Assert.Equal(60, seen.Count);
        Assert.InRange(seen[^1], 0, seen[10] + 4);
    }

    private static Backbone Fresh(string name, int seed = 3, int classes = 3)
    {
        manual_seed(seed).Dispose();
        return ClassifierWeights.Create(name, classes);
    }

    private static ClassifierDescription Describe(string model, ClassificationDataset data) =>
        new() { Model = model, Categories = data.Categories, Preprocessing = small };

    private static TrainerOptions Recipe(string folder, int epochs) =>
        new() { Folder = folder, Epochs = epochs, LearningRate = 0.01, WarmupSteps = 0, Milestones = [] };
}
