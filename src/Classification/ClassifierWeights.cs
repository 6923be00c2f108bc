using Vision.Backbones;
using Vision.Data;
using Vision.Ops;
using Vision.Weights;
using static TorchSharp.torch;

namespace Vision.Classification;

/// <summary>State dicts of classifiers, whose number of classes may be another than the network's.</summary>
public static class ClassifierWeights
{
    /// <summary>The network that a state dict belongs to, with its weights.</summary>
    /// <param name="model">The name in <see cref="BackboneRegistry"/>.</param>
    /// <param name="weights">Its state dict.</param>
    /// <param name="source">Its file, for messages.</param>
    /// <param name="classes">How many classes it should have, where that is known.</param>
    /// <exception cref="WeightsException">It is another network's.</exception>
    /// <exception cref="InputException">No model is called that.</exception>
    public static Backbone Load(string model, IReadOnlyDictionary<string, Tensor> weights, string source, int? classes = null)
    {
        Backbone network = Create(model, classes);
        try
        {
            // Built again where the number was guessed wrong: only the built network tells which of its layers is the last.
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

    /// <summary>Loads what another training can start from: all of a classifier's state dict,
    /// without the last layer where it has other classes.</summary>
    /// <param name="model">The classifier.</param>
    /// <param name="weights">A state dict of the same architecture.</param>
    /// <param name="source">Its file, for messages.</param>
    /// <param name="learned">The classes that it knows; null where the file does not say, and as many are taken for the same.</param>
    /// <param name="wanted">The classes of the model.</param>
    /// <returns>The name of the layer that keeps its freshly drawn weights; null if all was loaded.</returns>
    /// <exception cref="WeightsException">Another key is missing, unexpected or of another shape; the message names all.</exception>
    public static string? LoadForTraining(Backbone model, IReadOnlyDictionary<string, Tensor> weights, string source,
        IReadOnlyList<Category>? learned, IReadOnlyList<Category> wanted)
    {
        string head = ClassifierHead.NameOf(model);
        bool sameClasses = ClassifierHead.ClassesOf(model, weights) == wanted.Count
            && (learned is null || learned.Select(category => category.Name).SequenceEqual(wanted.Select(category => category.Name)));
        model.LoadWeights(weights, source, sameClasses ? [] : [head + ".*"]);
        return sameClasses ? null : head;
    }

    /// <summary>A classifier with freshly drawn weights, laid out for <see cref="ClassifierInput"/>'s images.</summary>
    /// <param name="model">The name in <see cref="BackboneRegistry"/>.</param>
    /// <param name="classes">How many classes; null for as many as published weights have.</param>
    /// <exception cref="InputException">No model is called that.</exception>
    public static Backbone Create(string model, int? classes = null)
    {
        if (!BackboneRegistry.Names.Contains(model))
            throw new InputException($"No classifier is called '{model}'; {SimilarNames.Advice(model, BackboneRegistry.Names)}");
        Backbone network = BackboneRegistry.Create(model, new() { NumClasses = classes ?? UsualClasses(model) });
        MemoryFormat.ChannelsLast(network);
        return network;
    }

    private static int UsualClasses(string model) => model.EndsWith("_cifar", StringComparison.Ordinal) ? 10 : 1000;
}
