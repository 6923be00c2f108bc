using static TorchSharp.torch;

namespace Vision.Backbones;

/// <summary>Enumerates a module and all its descendants.</summary>
internal static class ModuleTree
{
    /// <summary>Depth first, in order of registration, like Python's <c>modules()</c>: it determines the order of
    /// the random draws in an initialization.</summary>
    public static IEnumerable<nn.Module> InOrder(nn.Module root)
    {
        yield return root;
        foreach (var (_, child) in root.named_children())
            foreach (nn.Module module in InOrder(child))
                yield return module;
    }
}
