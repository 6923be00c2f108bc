using Vision.Weights;
using static TorchSharp.torch;

namespace Vision.Backbones;

/// <summary>The last layer of a classifier, which computes the logits: <c>fc</c> of a ResNet, <c>classifier.6</c> of a VGG.</summary>
public static class ClassifierHead
{
    private static readonly string[] afterStages = ["fc", "classifier", "head", "linear", "norm"];

    /// <summary>Loads a classifier's state dict, except its head, into a network that was built without classes.</summary>
    /// <param name="body">The network.</param>
    /// <param name="weights">The classifier's state dict.</param>
    /// <param name="source">Its file, for messages.</param>
    /// <param name="except">Patterns of further keys to ignore on both sides.</param>
    /// <exception cref="WeightsMismatchException">Keys are missing, unexpected or of the wrong shape; the message lists them.</exception>
    public static void LoadWithout(Backbone body, IReadOnlyDictionary<string, Tensor> weights, string source, params string[] except)
    {
        // The norm of a pre-activation ResNet belongs to its last stage.
        HashSet<string> own = [.. body.named_children().Select(child => child.name)];
        string prefix = body.ClassifierPrefix;
        var fitting = weights.ToDictionary(
            entry => entry.Key.StartsWith(prefix, StringComparison.Ordinal) ? entry.Key[prefix.Length..] : entry.Key,
            entry => entry.Value);
        body.LoadWeights(fitting, source, [.. afterStages.Where(name => !own.Contains(name)).Select(name => name + ".*"), .. except]);
    }

    /// <summary>Its name in the state dict: the last layer with parameters, in every family.</summary>
    /// <param name="model">A network that was built with classes.</param>
    public static string NameOf(Backbone model)
    {
        string last = model.named_parameters().Last().name;
        return last[..last.LastIndexOf('.')];
    }

    /// <summary>The parameters of all layers before it.</summary>
    /// <param name="model">A network that was built with classes.</param>
    public static IReadOnlyList<TorchSharp.Modules.Parameter> ParametersBefore(Backbone model)
    {
        string head = NameOf(model) + ".";
        return [.. model.named_parameters()
            .Where(entry => !entry.name.StartsWith(head, StringComparison.Ordinal)).Select(entry => entry.parameter)];
    }

    /// <summary>The number of classes of a state dict; null if it lacks the model's last layer.</summary>
    /// <param name="model">A network of the same architecture, built with any number of classes.</param>
    /// <param name="weights">The state dict.</param>
    public static int? ClassesOf(Backbone model, IReadOnlyDictionary<string, Tensor> weights) =>
        weights.TryGetValue(NameOf(model) + ".weight", out Tensor? weight) ? (int)weight.shape[0] : null;
}
