using static TorchSharp.torch;

namespace Vision.Weights.Safetensors;

/// <summary>Reads safetensors files.</summary>
internal static class SafetensorsReader
{
    /// <summary>All tensors by name, in file order.</summary>
    public static Dictionary<string, Tensor> Read(FileStream file)
    {
        SafetensorsHeader header = new(file);
        Dictionary<string, Tensor> tensors = [];
        foreach (SafetensorsHeader.Entry entry in header.Entries)
        {
            Tensor tensor = empty(entry.Shape, entry.Dtype);
            TensorBytes.Read(tensor, file);
            tensors.Add(entry.Name, tensor);
        }
        return tensors;
    }
}
