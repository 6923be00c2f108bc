using System.Buffers;
using TorchSharp;
using static TorchSharp.torch;

namespace Vision.Onnx.Building;

/// <summary>The memory of a contiguous tensor on the CPU, so that weights are written without a copy. The tensor must live as
/// long.</summary>
internal sealed class TensorMemory : MemoryManager<byte>
{
    private readonly Tensor tensor;

    /// <summary>The memory of a tensor.</summary>
    public TensorMemory(Tensor tensor) => this.tensor = tensor;

    /// <inheritdoc/>
    public override Span<byte> GetSpan() => tensor.bytes;

    /// <inheritdoc/>
    public override MemoryHandle Pin(int elementIndex = 0) => throw new NotSupportedException("Tensors are read through spans.");

    /// <inheritdoc/>
    public override void Unpin() { }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) { }
}
