using static TorchSharp.torch;

namespace Vision.Ops;

/// <summary>The tensors that a module holds itself.</summary>
public static class OwnTensors
{
    /// <summary>
    /// Lets a module's own parameters and buffers live as long as it does, whatever dispose scope it was made in.
    /// TorchSharp's modules see to that themselves; one that makes tensors of its own calls this after
    /// <c>RegisterComponents</c>, or a network built inside a scope is empty after it.
    /// </summary>
    /// <param name="module">The module; those below it are left alone.</param>
    public static void DetachOwnTensors(this nn.Module module)
    {
        foreach (var (_, parameter) in module.named_parameters(false)) parameter.DetachFromDisposeScope();
        foreach (var (_, buffer) in module.named_buffers(false)) buffer.DetachFromDisposeScope();
    }
}
