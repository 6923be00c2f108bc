using Vision.Backbones;
using Vision.Data;
using Vision.Ops;
using Vision.Weights;
using static TorchSharp.torch;

namespace Vision.Classification;

/// <summary>Loads state dicts of classifiers, whose number of classes may differ from the network's.</summary>
public static class ClassifierWeights
{
    /// <summary>The network that a state dict belongs to, with its weights.</summary>
    /// <param name="model">The name in <see cref="BackboneRegistry"/>.</param>
    /// <param name="weights">Its state dict.</param>
    /// <param name="source">Its file, for messages.</param>
    /// <param name="classes">The expected number of classes, if known.</param>
    /// <exception cref="WeightsException">The state dict belongs to another network.</exception>
    /// <exception cref="UnknownNameException">No model has this name.</exception>
    public static Backbone Load(string model, IReadOnlyDictionary<string, Tensor> weights, string source, int? classes = null)
    {
        Backbone network = Create(model, classes);
        try
        {
            // Rebuilt if the guessed number was wrong: only the built network shows which of its layers is the last.
            if (classes is null && ClassifierHead.ClassesOf(network, weights) is { } given && given != UsualClasses(model))
            {
                network.Dispose();
                network = Create(model, given);
            }
            network.LoadWeights(weights, source);
            return network;
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <summary>Loads initial weights for training: a classifier's whole state dict,
    /// except the last layer if its classes differ.</summary>
    /// <param name="model">The classifier.</param>
    /// <param name="weights">A state dict of the same architecture.</param>
    /// <param name="source">Its file, for messages.</param>
    /// <param name="learned">The classes of the state dict; null if unknown, then an equal number of classes counts as the same.</param>
    /// <param name="wanted">The classes of the model.</param>
    /// <returns>The name of the layer that keeps its random weights; null if all weights were loaded.</returns>
    /// <exception cref="WeightsException">Another key is missing, unexpected or of the wrong shape; the message lists all.</exception>
    public static string? LoadForTraining(Backbone model, IReadOnlyDictionary<string, Tensor> weights, string source,
        IReadOnlyList<Category>? learned, IReadOnlyList<Category> wanted)
    {
        string head = ClassifierHead.NameOf(model);
        bool sameClasses = ClassifierHead.ClassesOf(model, weights) == wanted.Count
            && (learned is null || learned.Select(category => category.Name).SequenceEqual(wanted.Select(category => category.Name)));
        model.LoadWeights(weights, source, sameClasses ? [] : [head + ".*"]);
        return sameClasses ? null : head;
    }

    /// <summary>A classifier with randomly initialized weights, in the memory format of <see cref="ClassifierInput"/>'s images.</summary>
    /// <param name="model">The name in <see cref="BackboneRegistry"/>.</param>
    /// <param name="classes">The number of classes; null for that of published weights.</param>
    /// <exception cref="UnknownNameException">No model has this name.</exception>
    public static Backbone Create(string model, int? classes = null)
    {
        if (!BackboneRegistry.Contains(model))
            throw new UnknownNameException("classifier", model, BackboneRegistry.Names);
        Backbone network = BackboneRegistry.Create(model, new() { NumClasses = classes ?? UsualClasses(model) });
        MemoryFormat.ChannelsLast(network);
        return network;
    }

    private static int UsualClasses(string model) => model.EndsWith("_cifar", StringComparison.Ordinal) ? 10 : 1000;
}
