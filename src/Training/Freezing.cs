using System.IO.Enumeration;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Vision.Training;

/// <summary>The layers that are not trained, at least at first: their parameters get no gradients, and their normalization keeps its
/// statistics.</summary>
internal sealed class Freezing
{
    private readonly int? thawEpoch;
    private readonly Parameter[] parameters;
    private readonly nn.Module[] modules;

    /// <summary>Finds the layers. Parameters that are already frozen stay so forever.</summary>
    /// <param name="model">The model.</param>
    /// <param name="stages">The parameters of the backbone's stages.</param>
    /// <param name="options">What to freeze.</param>
    /// <exception cref="InputException">A pattern fits no parameter, there are fewer stages, or nothing is left to train.</exception>
    public Freezing(nn.Module model, IReadOnlyList<IReadOnlyList<Parameter>> stages, TrainerOptions options)
    {
        if (options.FreezeStages > stages.Count)
            throw new InputException($"FreezeStages is {options.FreezeStages}, but the backbone has {stages.Count} stages.");
        if (options.ThawEpoch is not null && options.FreezeStages == 0 && options.Freeze.Count == 0)
            throw new InputException("ThawEpoch is given, but nothing is frozen: give Freeze or FreezeStages, or leave it out.");
        thawEpoch = options.ThawEpoch;
        (string Name, Parameter Parameter)[] trained = [.. model.named_parameters().Where(entry => entry.parameter.requires_grad)];
        foreach (string pattern in options.Freeze)
            if (!model.named_parameters().Any(entry => Fits(pattern, entry.name)))
                throw new InputException($"Freeze has {pattern}, but no parameter of the model has such a name: they begin with " +
                    $"{string.Join(", ", model.named_children().Select(child => child.name))}.");

        HashSet<IntPtr> inside = [.. stages.Take(options.FreezeStages).SelectMany(stage => stage).Select(parameter => parameter.Handle)];
        parameters = [.. trained.Where(entry => inside.Contains(entry.Parameter.Handle)
            || options.Freeze.Any(pattern => Fits(pattern, entry.Name))).Select(entry => entry.Parameter)];
        if (parameters.Length == trained.Length)
            throw new InputException("All layers are frozen, so there is nothing to train: freeze fewer.");

        HashSet<IntPtr> frozen = [.. parameters.Select(parameter => parameter.Handle)];
        modules = parameters.Length == 0 ? [] : [.. model.modules().Where(module => module.parameters().Any()
            && module.parameters().All(parameter => frozen.Contains(parameter.Handle)))];
        if (thawEpoch is null) Train(false);
    }

    /// <summary>Freezes or thaws the layers of a model in training mode, at the beginning of an epoch.</summary>
    /// <param name="epoch">The epoch, starting at 1.</param>
    public void Apply(int epoch)
    {
        bool thawed = epoch >= thawEpoch;
        Train(thawed);
        if (thawed) return;
        foreach (nn.Module module in modules) module.eval();
    }

    private void Train(bool on)
    {
        foreach (Parameter parameter in parameters) parameter.requires_grad = on;
    }

    private static bool Fits(string pattern, string name) => FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false);
}
