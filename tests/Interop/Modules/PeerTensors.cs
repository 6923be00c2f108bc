using TorchSharp;
using Vision.Backbones.Weights;
using Vision.Testing;
using static TorchSharp.torch;

namespace Vision.Interop.Tests;

/// <summary>What a parity script wrote, read once for all tests that compare with it.</summary>
internal sealed class PeerTensors(string script)
{
    private readonly Lazy<IReadOnlyDictionary<string, Tensor>> tensors = new(() =>
    {
        using TempFolder folder = new();
        Peer.Run(script, folder["out.pth"]);
        IReadOnlyDictionary<string, Tensor> read = WeightFile.Read(folder["out.pth"]);
        foreach (Tensor tensor in read.Values) tensor.DetachFromDisposeScope();
        return read;
    });

    public Tensor this[string name] => tensors.Value[name];

    public bool Has(string name) => tensors.Value.ContainsKey(name);

    /// <summary>The tensors under a path, by the rest of their names.</summary>
    public Dictionary<string, Tensor> Under(string path) =>
        tensors.Value.Where(t => t.Key.StartsWith(path + "/")).ToDictionary(t => t.Key[(path.Length + 1)..], t => t.Value);

    /// <summary>The loss of the scripts: Σ y · cos(0, 1, 2, …).</summary>
    public static Tensor Loss(Tensor y) => (y * arange(y.numel(), float32).cos().reshape(y.shape)).sum();
}
