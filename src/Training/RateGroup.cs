using TorchSharp.Modules;

namespace Vision.Training;

/// <summary>Parameters that are trained at one rate.</summary>
/// <param name="Parameters">Those with a gradient, in the model's order.</param>
/// <param name="Factor">What the run's learning rate is multiplied with for them.</param>
internal sealed record RateGroup(Parameter[] Parameters, double Factor)
{
    /// <summary>The groups of a model: one, or the backbone and the rest where the backbone has a rate of its own.</summary>
    public static RateGroup[] Of(IEnumerable<Parameter> all, IEnumerable<Parameter> backbone, double backboneFactor)
    {
        Parameter[] trained = [.. all.Where(parameter => parameter.requires_grad)];
        if (backboneFactor == 1) return [new(trained, 1)];
        HashSet<IntPtr> inside = [.. backbone.Select(parameter => parameter.Handle)];
        RateGroup[] groups = [new([.. trained.Where(parameter => inside.Contains(parameter.Handle))], backboneFactor),
            new([.. trained.Where(parameter => !inside.Contains(parameter.Handle))], 1)];
        return [.. groups.Where(group => group.Parameters.Length > 0)];
    }
}
