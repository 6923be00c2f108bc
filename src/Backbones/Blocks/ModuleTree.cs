using static TorchSharp.torch;

namespace Vision.Backbones;

/// <summary>A module and all below it.</summary>
internal static class ModuleTree
{
    /// <summary>Depth first, in order of registration, as Python's <c>modules()</c> goes: the order of
    /// random numbers in an initialization depends on it.</summary>
    public static IEnumerable<nn.Module> InOrder(nn.Module root)
    {
        yield return root;
        foreach (var (_, child) in root.named_children())
            foreach (nn.Module module in InOrder(child))
                yield return module;
    }
}
