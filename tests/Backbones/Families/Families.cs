using static TorchSharp.torch;

namespace Vision.Backbones.Tests;

/// <summary>What the tests of the families share.</summary>
internal static class Families
{
    /// <summary>The smallest of each kind.</summary>
    public static TheoryData<string> Small =>
        ["regnet_x_400mf", "regnet_y_400mf", "mobilenet_v2", "mobilenet_v3_small", "efficientnet_b0", "efficientnet_v2_s", "convnext_tiny",
            "densenet121", "vgg11", "vgg11_bn", "swin_t"];

    /// <summary>Gives norms and layer scales values that show when they are wrong, the same as tools/Parity/common.py.</summary>
    public static void MoveNormsOffIdentity(Backbone model)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (key, value) in model.state_dict())
        {
            if (value.dim() > 1 && !key.EndsWith("layer_scale", StringComparison.Ordinal)) continue;
            Tensor wave = arange(value.numel(), float64).cos().reshape(value.shape);
            if (key.EndsWith("running_mean", StringComparison.Ordinal)) value.copy_(0.2 * wave);
            else if (key.EndsWith("running_var", StringComparison.Ordinal)) value.copy_(1 + 0.5 * wave);
            else if (key.EndsWith("layer_scale", StringComparison.Ordinal)) value.copy_(0.5 + 0.3 * wave);
            else if (value.dim() == 1 && key.EndsWith(".weight", StringComparison.Ordinal)) value.copy_(1 + 0.3 * wave);
            else if (value.dim() == 1 && key.EndsWith(".bias", StringComparison.Ordinal)) value.copy_(0.1 * wave);
        }
    }

    /// <summary>Makes all weights by formula, the same as tools/Parity/common.py, to the last digit.</summary>
    public static void Fill(Backbone model)
    {
        const long period = 65537;
        using var scope = NewDisposeScope();
        Tensor index = arange(period);
        Tensor noise = index.mul(index).remainder(period).to(float32) / period - 0.5;
        using (no_grad())
        {
            foreach (var (key, value) in model.state_dict())
            {
                if (value.dim() < 2 || !value.is_floating_point() || key.EndsWith("layer_scale", StringComparison.Ordinal)) continue;
                using Tensor repeated = noise.repeat((value.numel() + period - 1) / period);
                value.copy_(repeated.narrow(0, 0, value.numel()).reshape(value.shape))
                    .mul_(Math.Sqrt(24.0 * value.shape[0] / value.numel()));
            }
        }
        MoveNormsOffIdentity(model);
    }
}
