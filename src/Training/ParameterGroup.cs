using TorchSharp.Modules;

namespace Vision.Training;

/// <summary>Parameters that share a learning rate.</summary>
/// <param name="Parameters">The parameters with a gradient, in the model's order.</param>
/// <param name="Factor">The factor on the run's learning rate.</param>
internal sealed record ParameterGroup(Parameter[] Parameters, double Factor)
{
    /// <summary>The groups of a model: one, or two if the backbone has its own learning rate.</summary>
    public static ParameterGroup[] Of(IEnumerable<Parameter> all, IEnumerable<Parameter> backbone, double backboneFactor)
    {
        Parameter[] trained = [.. all.Where(parameter => parameter.requires_grad)];
        if (backboneFactor == 1) return [new(trained, 1)];
        HashSet<IntPtr> inside = [.. backbone.Select(parameter => parameter.Handle)];
        ParameterGroup[] groups =
        [
            new([.. trained.Where(parameter => inside.Contains(parameter.Handle))], backboneFactor),
            new([.. trained.Where(parameter => !inside.Contains(parameter.Handle))], 1),
        ];
        return [.. groups.Where(group => group.Parameters.Length > 0)];
    }
}
