using TorchSharp;
using Vision.Data;
using static TorchSharp.torch;

namespace Vision.Cli;

/// <summary>What <c>--device</c> stands for on this machine.</summary>
internal static class ComputeDevice
{
    /// <summary>The device of that name.</summary>
    /// <exception cref="InputException">CUDA is asked for, and there is none.</exception>
    public static Device Named(string name) => name switch
    {
        "cuda" when !cuda.is_available() => throw new InputException(
            "--device cuda: this libtorch sees no CUDA device. Use --device cpu, or a CUDA libtorch (README.md, \"Providers\")."),
        "cuda" => CUDA,
        "auto" when cuda.is_available() => CUDA,
        _ => CPU,
    };
}
