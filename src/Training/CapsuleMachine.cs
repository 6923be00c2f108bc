using System.Globalization;
using System.Runtime.InteropServices;
using Vision.Ops;
using static TorchSharp.torch;

namespace Vision.Training;

/// <summary>What of a machine and its software a step's result may depend on.</summary>
internal static class CapsuleMachine
{
    /// <summary>This machine's, by name.</summary>
    /// <param name="device">The device that computes.</param>
    public static IReadOnlyDictionary<string, string> Of(Device device) => new Dictionary<string, string>
    {
        ["vision"] = typeof(CapsuleMachine).Assembly.GetName().Version!.ToString(3),
        ["libtorch"] = Runtime.LibtorchVersion.ToString(3),
        ["system"] = $"{RuntimeInformation.RuntimeIdentifier}, {RuntimeInformation.OSDescription}",
        ["processor"] = Processor,
        ["device"] = device.type.ToString(),
        ["threads"] = get_num_threads().ToString(CultureInfo.InvariantCulture),
    };

    private static string Processor
    {
        get
        {
            const string list = "/proc/cpuinfo", key = "model name";
            string? line = File.Exists(list)
                ? File.ReadLines(list).FirstOrDefault(entry => entry.StartsWith(key, StringComparison.Ordinal)) : null;
            return line?[(line.IndexOf(':') + 1)..].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
        }
    }
}
