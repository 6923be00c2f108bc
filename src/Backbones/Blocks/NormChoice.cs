using static TorchSharp.torch;

namespace Vision.Backbones;

/// <summary>What <see cref="BackboneOptions.Norm"/> means to a family.</summary>
internal static class NormChoice
{
    /// <summary>
    /// Makes the normalizations of a family that was published with batch normalization. Its own ε and momentum hold for batch
    /// normalization alone: torchvision's detectors were trained with frozen ones of the common ε, whatever the family.
    /// </summary>
    public static Func<int, nn.Module<Tensor, Tensor>> BatchNormOr(this BackboneOptions options, double epsilon = 1e-5,
        double momentum = 0.1) =>
        options.Norm is { } kind and not NormKind.BatchNorm
            ? channels => Normalization.Create(kind, channels)
            : channels => nn.BatchNorm2d(channels, epsilon, momentum);

    /// <summary>Refuses another normalization than a family's own.</summary>
    /// <param name="options">What was chosen.</param>
    /// <param name="network">The network, for the message.</param>
    /// <param name="own">Its normalization; null where it has none.</param>
    /// <exception cref="ArgumentException">Another was chosen.</exception>
    public static void RequireNorm(this BackboneOptions options, string network, NormKind? own)
    {
        if (options.Norm is { } kind && kind != own)
            throw new ArgumentException(
                $"A {network} has {(own is null ? "no normalization" : $"{own} by design")}, and {kind} was asked for; leave " +
                $"{nameof(BackboneOptions.Norm)} null.", nameof(options));
    }
}
