namespace Vision.Backbones;

/// <summary>What a stage of a backbone says of itself.</summary>
/// <param name="Name">The module's name in the state dict, such as <c>layer3</c>.</param>
/// <param name="Channels">Channels of its output.</param>
/// <param name="Reduction">Its stride: how many input pixels one step of its output spans.</param>
public sealed record Stage(string Name, int Channels, int Reduction);
