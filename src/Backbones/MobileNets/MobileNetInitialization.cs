using TorchSharp.Modules;
using Vision.Ops;
using static TorchSharp.torch;

namespace Vision.Backbones;

/// <summary>The initial weights of both MobileNets, with torchvision's random draws.</summary>
internal static class MobileNetInitialization
{
    /// <summary>Initializes all weights of a network.</summary>
    public static void Draw(nn.Module network)
    {
        foreach (nn.Module module in ModuleTree.InOrder(network))
        {
            switch (module)
            {
                case var layer when Conv3x3.ParametersOf(layer) is ({ } weight, var bias):
                    nn.init.kaiming_normal_(weight, 0, nn.init.FanInOut.FanOut);
                    if (bias is not null) nn.init.zeros_(bias);
                    break;
                case Linear linear:
                    nn.init.normal_(linear.weight!, 0, 0.01);
                    nn.init.zeros_(linear.bias!);
                    break;
            }
        }
    }
}
