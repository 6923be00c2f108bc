using static TorchSharp.torch;

namespace Vision.Ops;

/// <summary>The tensors that a module owns directly.</summary>
public static class OwnTensors
{
    /// <summary>
    /// Makes a module's own parameters and buffers live as long as the module, independent of the dispose scope it was created in.
    /// TorchSharp's modules do so themselves; a module that creates tensors calls this after
    /// <c>RegisterComponents</c>, otherwise a network built inside a scope loses its tensors when the scope ends.
    /// </summary>
    /// <param name="module">The module; its submodules are not affected.</param>
    public static void DetachOwnTensors(this nn.Module module)
    {
        foreach (var (_, parameter) in module.named_parameters(false)) parameter.DetachFromDisposeScope();
        foreach (var (_, buffer) in module.named_buffers(false)) buffer.DetachFromDisposeScope();
    }
}
