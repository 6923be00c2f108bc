namespace Vision.Backbones;

/// <summary>The description of a backbone's stage.</summary>
/// <param name="Name">The module's name in the state dict, such as <c>layer3</c>.</param>
/// <param name="Channels">Channels of its output.</param>
/// <param name="Reduction">The total stride of its output, in input pixels.</param>
public sealed record Stage(string Name, int Channels, int Reduction);
