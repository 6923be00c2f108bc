using TorchSharp;
using Vision.Backbones;
using Vision.Classification;
using Vision.Data;
using Vision.Detection;
using Vision.Segmentation;
using Vision.Weights;
using static TorchSharp.torch;

namespace Vision.Training;

/// <summary>The model of a failure capsule, as it was before the step, and its losses on the capsule's batches.</summary>
internal sealed class ReplayedModel : IDisposable
{
    private readonly FailureCapsule capsule;
    private readonly Device device;
    private readonly Func<int, Losses> losses;
    private readonly Dictionary<string, Tensor> batches, weights;

    /// <summary>Builds it.</summary>
    /// <param name="capsule">The capsule.</param>
    /// <param name="device">The device to compute on.</param>
    /// <exception cref="InputException">The capsule is damaged, or the model cannot be built here.</exception>
    public ReplayedModel(FailureCapsule capsule, Device device)
    {
        (this.capsule, this.device) = (capsule, device);
        batches = Detached(WeightFile.Read(capsule.Batches));
        weights = Detached(WeightFile.Read(capsule.Weights));
        var metadata = WeightFile.ReadMetadata(capsule.Weights);
        string source = capsule.Weights;
        CapsuleContent content = capsule.Content;
        switch (content.Kind)
        {
            case ModelKind.Detector when DetectorDescription.FromMetadata(metadata, source) is { } described:
                Detector detector = DetectorCatalog.Create(described.Model, described.Options);
                (Model, losses) = (detector, batch => detector.ComputeLosses(Detection(batch)));
                break;
            case ModelKind.Segmenter when SegmenterDescription.FromMetadata(metadata, source) is { } described:
                SegmentationLoss loss = SegmentationLossCatalog.Parse(content.Loss ?? "")
                    ?? throw new InputException(
                        $"{capsule.Folder}: the run had a loss of its own, {content.Loss}, which a replay does not know.");
                Segmenter segmenter = SegmenterCatalog.Create(described.Model, described.Options with { ChannelsLast = true });
                (Model, losses) = (segmenter, batch => segmenter.ComputeLosses(Segmentation(batch), loss));
                break;
            case ModelKind.Classifier when ClassifierDescription.FromMetadata(metadata, source) is { } described:
                Backbone classifier = ClassifierWeights.Create(described.Model, described.Categories.Count);
                ClassifierInput input = new(described.Preprocessing);
                (Model, losses) = (classifier, batch => ClassificationTask.Losses(classifier, input, device, Classification(batch),
                    content.LabelSmoothing));
                break;
            default:
                throw Damaged($"the weights do not describe a {content.Kind.Name()}");
        }
        Model.to(device);
        Restore();
    }

    /// <summary>The model.</summary>
    public nn.Module Model { get; }

    /// <summary>The model as it was before the step: weights, statistics, modes, and no gradients.</summary>
    public void Restore()
    {
        Model.LoadWeights(weights, capsule.Weights);
        Model.train();
        HashSet<string> frozen = [.. capsule.Content.Frozen], evaluating = [.. capsule.Content.Evaluating];
        foreach (var (name, module) in Model.named_modules())
            if (evaluating.Contains(name)) module.eval();
        foreach (var (name, parameter) in Model.named_parameters())
        {
            parameter.grad = null;
            parameter.requires_grad = !frozen.Contains(name);
        }
    }

    /// <summary>The losses of a batch of the step, in the run's precision and with its random draws.</summary>
    /// <param name="batch">The batch's place in the step, starting at 0.</param>
    public Losses Losses(int batch)
    {
        manual_seed(capsule.Content.Batches[batch].Seed).Dispose();
        using var precision = capsule.Content.Precision.Begin(device.type);
        return losses(batch);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Model.Dispose();
        foreach (Tensor tensor in batches.Values.Concat(weights.Values)) tensor.Dispose();
    }

    private DetectionBatch Detection(int batch)
    {
        CapsuleBatch stored = capsule.Content.Batches[batch];
        if (stored.Objects is not { } objects || objects.Length != stored.Files.Count)
            throw Damaged("it does not say which objects the images show");
        Tensor[] images = [.. objects.Select((_, i) => Named(batch, $"image{i}"))];
        return new()
        {
            Images = images,
            Targets = [.. objects.Select((list, i) =>
            {
                if (images[i].dim() != 3) throw Damaged($"an image is {images[i].dim()}-dimensional");
                (int height, int width) = ((int)images[i].shape[1], (int)images[i].shape[2]);
                try
                {
                    return new Targets
                    {
                        ImageId = i, File = stored.Files[i], Width = width, Height = height,
                        Objects = [.. list.Select((item, id) => item.ToAnnotation(id, width, height))],
                    };
                }
                catch (InputException e)
                {
                    throw Damaged(e.Message, e);
                }
            })],
        };
    }

    private SegmentationBatch Segmentation(int batch)
    {
        IReadOnlyList<string> files = capsule.Content.Batches[batch].Files;
        return new()
        {
            Images = [.. files.Select((_, i) => Named(batch, $"image{i}"))],
            Labels = [.. files.Select((_, i) => Named(batch, $"labels{i}"))],
            Files = files,
        };
    }

    private ClassificationBatch Classification(int batch) => new()
    {
        Images = Named(batch, "images"), Targets = Named(batch, "targets"), Names = capsule.Content.Batches[batch].Files,
    };

    private Tensor Named(int batch, string name) =>
        batches.GetValueOrDefault($"{batch}.{name}") ?? throw Damaged($"batch {batch} has no {name}");

    private InputException Damaged(string what, Exception? inner = null) =>
        new($"{capsule.Folder} is damaged: {what}. Copy the folder again.", inner);

    private static Dictionary<string, Tensor> Detached(Dictionary<string, Tensor> tensors)
    {
        foreach (Tensor tensor in tensors.Values) tensor.DetachFromDisposeScope();
        return tensors;
    }
}
