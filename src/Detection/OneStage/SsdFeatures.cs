using TorchSharp.Modules;
using Vision.Backbones;
using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>The six feature maps of an SSD: some stages of a backbone, and extra blocks after the last.</summary>
internal abstract class SsdFeatures : nn.Module<Tensor, Tensor[]>
{
    /// <summary>Names the module.</summary>
    protected SsdFeatures(string name) : base(name) { }

    /// <summary>The backbone.</summary>
    public abstract Backbone Body { get; }

    /// <summary>Channels of each map, finest first.</summary>
    public abstract IReadOnlyList<int> Channels { get; }

    /// <summary>A 1×1 reduction and a 3×3 convolution, each with a ReLU; initialized as in the paper.</summary>
    /// <param name="inChannels">Channels of the previous map.</param>
    /// <param name="outChannels">Channels of this map, twice the inner channels.</param>
    /// <param name="stride">2 halves the map; 1, without padding, makes each side 2 smaller.</param>
    protected static Sequential Extra(int inChannels, int outChannels, int stride)
    {
        Sequential block = nn.Sequential(
            nn.Conv2d(inChannels, outChannels / 2, 1), nn.ReLU(true),
            nn.Conv2d(outChannels / 2, outChannels, 3, stride, stride == 2 ? 1 : 0), nn.ReLU(true));
        DrawXavier(block);
        return block;
    }

    /// <summary>Initializes weights as in the paper and biases with 0.</summary>
    internal static void DrawXavier(nn.Module module)
    {
        foreach (var parameter in module.parameters())
            if (parameter.dim() > 1) nn.init.xavier_uniform_(parameter);
            else nn.init.zeros_(parameter);
    }

    /// <summary>Runs the extra blocks in sequence.</summary>
    /// <param name="maps">The maps so far; the last of them is the input of the first block.</param>
    /// <param name="blocks">The blocks.</param>
    protected static Tensor[] Extend(IReadOnlyList<Tensor> maps, IEnumerable<nn.Module<Tensor, Tensor>> blocks)
    {
        List<Tensor> all = [.. maps];
        foreach (var block in blocks) all.Add(block.call(all[^1]));
        return [.. all];
    }
}
