using static TorchSharp.torch;

namespace Vision.Weights;

/// <summary>Reads and writes the memory of tensors from and to streams, without copies.</summary>
internal static class TensorBytes
{
    // A span is limited to 2 GiB, and the largest element has 16 bytes.
    private const long PartElements = 1 << 26;

    /// <summary>Fills a contiguous tensor on the CPU.</summary>
    /// <exception cref="EndOfStreamException">The stream is too short.</exception>
    public static void Read(Tensor tensor, Stream stream)
    {
        foreach (Tensor part in Parts(tensor)) stream.ReadExactly(part.bytes);
    }

    /// <summary>Writes a contiguous tensor on the CPU.</summary>
    public static void Write(Tensor tensor, Stream stream)
    {
        foreach (Tensor part in Parts(tensor)) stream.Write(part.bytes);
    }

    /// <summary>Views of parts of a contiguous tensor, each small enough for a span; one is alive at a time.</summary>
    public static IEnumerable<Tensor> Parts(Tensor tensor)
    {
        long count = tensor.numel();
        using Tensor flat = tensor.view(-1);
        for (long start = 0; start < count; start += PartElements)
        {
            using Tensor part = flat.narrow(0, start, Math.Min(PartElements, count - start));
            yield return part;
        }
    }
}
