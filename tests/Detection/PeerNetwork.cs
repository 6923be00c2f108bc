using TorchSharp;
using Vision.Ops;
using Vision.Testing;
using static TorchSharp.torch;

namespace Vision.Detection.Tests;

/// <summary>How the network inside a detector is compared with the peer's: on the very input that the peer's
/// saw, and for losses and gradients in double precision.</summary>
internal static class PeerNetwork
{
    // libtorch's releases resize images to different last digits.
    private const double InputTolerance = 1e-4;

    // What cancels in truth, as the gradient of a bias before a batch norm, is left with the rounding of what it is made of.
    private const double Rounding = 1e-9;

    /// <summary>Lets the backbone compute on the peer's batch, after a look that its own is the same.</summary>
    /// <param name="model">The detector.</param>
    /// <param name="batch">Normalized images, [N, 3, H, W].</param>
    public static void GiveInput(Detector model, Tensor batch)
    {
        var first = model.Backbone.modules().OfType<nn.Module<Tensor, Tensor>>().First(layer => Conv3x3.ParametersOf(layer) is not null);
        first.register_forward_pre_hook((_, pixels) =>
        {
            Close.To(pixels, batch, InputTolerance, "what the network sees");
            return batch.to(Conv3x3.ParametersOf(first)!.Value.Weight.dtype);
        });
    }

    /// <summary>Brings the detector to double precision, in training mode: in single, roundings move activations near zero
    /// across a ReLU's kink, and gradients by hundredths with them.</summary>
    /// <param name="model">The detector.</param>
    /// <param name="weights">Its weights, which may be in a form that loading still computes with.</param>
    public static void TrainInDouble(Detector model, IReadOnlyDictionary<string, Tensor> weights)
    {
        model.to(float64).train();
        DetectorWeights.Load(model, weights.ToDictionary(
            entry => entry.Key,
            entry => entry.Value.is_floating_point() ? entry.Value.to(float64) : entry.Value), "weights.pth");
    }

    /// <summary>Asserts that gradients are those of "grad.*" and running means those of "after.*".</summary>
    /// <param name="model">The detector, after its backward pass.</param>
    /// <param name="expected">The peer's.</param>
    /// <param name="tolerance">How far a number may be off, relative to the largest of its tensor.</param>
    public static void AssertGradients(Detector model, IReadOnlyDictionary<string, Tensor> expected, double tolerance)
    {
        var gradients = expected.Where(entry => entry.Key.StartsWith("grad.", StringComparison.Ordinal))
            .ToDictionary(entry => entry.Key["grad.".Length..], entry => entry.Value);
        double floor = Rounding * gradients.Values.Max(gradient => gradient.abs().max().item<double>());
        Dictionary<string, Tensor?> own = model.named_parameters().ToDictionary(entry => entry.name, entry => entry.parameter.grad);
        foreach (var (name, gradient) in gradients)
        {
            Assert.True(own[name] is not null, $"{name} has no gradient.");
            Close.To(own[name]!, gradient, tolerance, $"gradient of {name}", floor);
        }
        foreach (var (name, buffer) in model.named_buffers().Where(entry => expected.ContainsKey("after." + entry.name)))
            Close.To(buffer, expected["after." + name], tolerance, name);
    }
}
