using Vision.Weights;
using static TorchSharp.torch;

namespace Vision.Backbones;

/// <summary>The last layer of a classifier, which gives the logits: <c>fc</c> of a ResNet, <c>classifier.6</c> of a VGG.</summary>
public static class ClassifierHead
{
    private static readonly string[] afterStages = ["fc", "classifier", "head", "linear", "norm"];

    /// <summary>Loads a classifier's state dict, without its last layers, into a network that was built without classes.</summary>
    /// <param name="body">The network.</param>
    /// <param name="weights">The classifier's state dict.</param>
    /// <param name="source">Its file, for messages.</param>
    /// <param name="except">Patterns of further keys to leave alone on both sides.</param>
    /// <exception cref="WeightsMismatchException">Names every missing, unexpected and misshapen key.</exception>
    public static void LoadWithout(Backbone body, IReadOnlyDictionary<string, Tensor> weights, string source, params string[] except)
    {
        // a pre-activation ResNet's norm is of its last stage
        HashSet<string> own = [.. body.named_children().Select(child => child.name)];
        string prefix = body.ClassifierPrefix;
        var fitting = weights.ToDictionary(entry =>
            entry.Key.StartsWith(prefix, StringComparison.Ordinal) ? entry.Key[prefix.Length..] : entry.Key, entry => entry.Value);
        body.LoadWeights(fitting, source, [.. afterStages.Where(name => !own.Contains(name)).Select(name => name + ".*"), .. except]);
    }

    /// <summary>Its name in the state dict: that of the last layer with parameters, since every family ends so.</summary>
    /// <param name="model">A network that was built with classes.</param>
    public static string NameOf(Backbone model)
    {
        string last = model.named_parameters().Last().name;
        return last[..last.LastIndexOf('.')];
    }

    /// <summary>The parameters of everything before it.</summary>
    /// <param name="model">A network that was built with classes.</param>
    public static IReadOnlyList<TorchSharp.Modules.Parameter> ParametersBefore(Backbone model)
    {
        string head = NameOf(model) + ".";
        return [.. model.named_parameters()
            .Where(entry => !entry.name.StartsWith(head, StringComparison.Ordinal)).Select(entry => entry.parameter)];
    }

    /// <summary>Fixes everything before it for good: no gradients, and batch normalization
    /// keeps its statistics even in training mode.</summary>
    /// <param name="model">A network that was built with classes.</param>
    public static void FreezeBefore(Backbone model)
    {
        model.FreezeStages(model.Stages.Count);
        // Some families have a norm or a layer between the last stage and the logits.
        foreach (var parameter in ParametersBefore(model)) parameter.requires_grad = false;
    }

    /// <summary>How many classes a state dict is for; null where it lacks the model's last layer.</summary>
    /// <param name="model">A network of the same architecture, built with any number of classes.</param>
    /// <param name="weights">The state dict.</param>
    public static int? ClassesOf(Backbone model, IReadOnlyDictionary<string, Tensor> weights) =>
        weights.TryGetValue(NameOf(model) + ".weight", out Tensor? weight) ? (int)weight.shape[0] : null;
}
