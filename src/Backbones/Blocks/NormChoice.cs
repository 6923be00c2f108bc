using static TorchSharp.torch;

namespace Vision.Backbones;

/// <summary>Interprets <see cref="BackboneOptions.Norm"/> for a family.</summary>
internal static class NormChoice
{
    /// <summary>
    /// Creates the normalization layers of a family that was published with batch normalization. The family's ε and momentum apply to
    /// batch normalization only: torchvision's detectors of every family were trained with frozen layers of the usual ε.
    /// </summary>
    public static Func<int, nn.Module<Tensor, Tensor>> BatchNormOr(this BackboneOptions options, double epsilon = 1e-5,
        double momentum = 0.1) =>
        options.Norm is { } kind and not NormKind.BatchNorm
            ? channels => Normalization.Create(kind, channels)
            : channels => nn.BatchNorm2d(channels, epsilon, momentum);

    /// <summary>Rejects any normalization other than the family's own.</summary>
    /// <param name="options">The chosen options.</param>
    /// <param name="network">The network, for the message.</param>
    /// <param name="own">Its normalization; null if it has none.</param>
    /// <exception cref="ArgumentException">Another normalization was chosen.</exception>
    public static void RequireNorm(this BackboneOptions options, string network, NormKind? own)
    {
        if (options.Norm is { } kind && kind != own)
            throw new ArgumentException(
                $"{network} has {(own is null ? "no normalization" : $"{own} by design")}, but {kind} was requested; leave " +
                $"{nameof(BackboneOptions.Norm)} null.", nameof(options));
    }
}
