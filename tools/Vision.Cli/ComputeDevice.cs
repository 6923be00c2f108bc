using static TorchSharp.torch;

namespace Vision.Cli;

/// <summary>Resolves <c>--device</c> on this machine.</summary>
internal static class ComputeDevice
{
    /// <summary>The device of that name.</summary>
    /// <exception cref="InputException">CUDA was requested, but there is no CUDA device.</exception>
    public static Device Named(string name) => name switch
    {
        "cuda" when !cuda.is_available() => throw new InputException(
            "--device cuda: this libtorch finds no CUDA device. Use --device cpu, or build with CUDA (README.md, \"CPU or CUDA\")."),
        "cuda" => CUDA,
        "auto" when cuda.is_available() => CUDA,
        _ => CPU,
    };
}
