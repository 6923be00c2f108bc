using TorchSharp.Modules;

namespace Vision.Training;

/// <summary>Parameters that share a learning rate.</summary>
/// <param name="Parameters">The parameters with a gradient, in the model's order.</param>
/// <param name="Factor">The factor on the run's learning rate.</param>
internal sealed record ParameterGroup(Parameter[] Parameters, double Factor)
{
    /// <summary>The groups of a model, slowest first: one, unless the backbone has its own learning rate, or each of its stages.</summary>
    /// <param name="all">The model's parameters.</param>
    /// <param name="stages">Those of the backbone's stages, from the one next to the image on.</param>
    /// <param name="options">The backbone's factor, and that from each stage to the one before it.</param>
    public static ParameterGroup[] Of(IEnumerable<Parameter> all, IReadOnlyList<IReadOnlyList<Parameter>> stages, TrainerOptions options)
    {
        Dictionary<IntPtr, double> factors = [];
        for (int i = 0; i < stages.Count; i++)
            foreach (Parameter parameter in stages[i])
                factors[parameter.Handle] = options.BackboneRateFactor * Math.Pow(options.LayerRateDecay, stages.Count - i);
        return [.. all.Where(parameter => parameter.requires_grad)
            .GroupBy(parameter => factors.GetValueOrDefault(parameter.Handle, 1)).OrderBy(group => group.Key)
            .Select(group => new ParameterGroup([.. group], group.Key))];
    }
}
