using Vision.Snippets;

namespace Vision.Training.Tests;

/// <summary>Registers the backbone of docs/guide/adding-a-backbone.md under its name, once in a process.</summary>
internal static class TinyNetName
{
    static TinyNetName() => TinyNetUse.Register();

    /// <summary>From now on, it can be created by its name.</summary>
    public static void Register() { }
}
