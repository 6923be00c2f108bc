using System.Globalization;
using System.Text;
using Vision.Weights;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace Vision.Training;

/// <summary>Writes a <see cref="RunFile"/> as YAML.</summary>
internal static class RunFileWriter
{
    private const string Head = "# A training run: its data, all its options, and the machine. It can be repeated from this file.\n";

    /// <summary>Writes it atomically.</summary>
    public static void Write(string path, RunFile run)
    {
        YamlMappingNode root = new() { { "model", Text(run.Model) }, { "data", Data(run) }, { "options", Options(run.Options) } };
        if (run.Network.Count > 0) root.Add("network", Options(run.Network));
        if (run.Machine is { } machine)
        {
            root.Add("versions", new YamlMappingNode
            {
                { "vision", Text(machine.Vision) }, { "torchsharp", Text(machine.TorchSharp) }, { "libtorch", Text(machine.Libtorch) },
            });
            root.Add("machine", new YamlMappingNode
            {
                { "system", Text(machine.System) }, { "processor", Text(machine.Processor) }, { "threads", Number(machine.Threads) },
                { "memory_gib", Number(machine.MemoryGib) },
            });
        }
        using StringWriter yaml = new() { NewLine = "\n" };
        new YamlStream(new YamlDocument(root)).Save(yaml, assignAnchors: false);
        // The end of the document that the library writes is of no use to readers.
        string text = Head + yaml.ToString().Replace("\r\n", "\n").TrimEnd('\n', '.') + "\n";
        AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));
    }

    private static YamlMappingNode Data(RunFile run)
    {
        YamlMappingNode data = [];
        if (run.Source is { } source)
        {
            data.Add("folder", Text(Path.GetFullPath(source.Folder)));
            data.Add("format", Text(source.Format.ToString().ToLowerInvariant()));
            data.Add("train_split", source.TrainSplit is { } train ? Text(train) : Null());
            data.Add("validation_split", source.ValidationSplit is { } validation ? Text(validation) : Null());
        }
        if (run.Train is { } images) data.Add("train", Split(images));
        if (run.Validation is { } others) data.Add("validation", Split(others));
        return data;
    }

    private static YamlMappingNode Split(RunData split) => new()
    {
        { "name", Text(split.Name) }, { "images", Number(split.Images) }, { "fingerprint", Text(split.Fingerprint) },
    };

    private static YamlMappingNode Options(IReadOnlyDictionary<string, OptionValue> options) =>
        new(options.Select(option => KeyValuePair.Create<YamlNode, YamlNode>(option.Key, option.Value switch
        {
            { IsList: true } list => new YamlSequenceNode(list.Texts.Select(Text)) { Style = SequenceStyle.Flow },
            { IsGiven: true } value => Text(value.Texts[0]),
            _ => Null(),
        })));

    private static YamlScalarNode Null() => new("null");

    private static YamlScalarNode Number(double value) => new(value.ToString(CultureInfo.InvariantCulture));

    // A text that reads as nothing must be told apart from nothing.
    private static YamlNode Text(string value) =>
        new YamlScalarNode(value) { Style = value is "" or "null" or "~" ? ScalarStyle.DoubleQuoted : ScalarStyle.Any };
}
