using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>PyTorch's initial values of linear layers and convolutions.</summary>
internal static class LinearWeights
{
    public static void Reset(Parameter weight, Parameter? bias)
    {
        nn.init.kaiming_uniform_(weight, Math.Sqrt(5));
        if (bias is null)
            return;
        (long fanIn, _) = nn.init.CalculateFanInAndFanOut(weight);
        double bound = fanIn > 0 ? 1 / Math.Sqrt(fanIn) : 0;
        nn.init.uniform_(bias, -bound, bound);
    }
}
