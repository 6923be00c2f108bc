using System.Reflection;
using Vision.Data;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Vision.Training;

/// <summary>Reads a <see cref="RunFile"/>. Every mistake is answered with the file, the line and what to do.</summary>
internal sealed class RunFileReader(string path)
{
    /// <summary>Reads it.</summary>
    /// <exception cref="InputException">It cannot be used.</exception>
    public RunFile Read()
    {
        if (!File.Exists(path)) throw new InputException($"There is no file {path}: give the run.yaml of a run.");
        YamlMappingNode root = YamlFile.Load(path)
            ?? throw new InputException($"{path}: it has no keys such as model and options: give the run.yaml of a run.");
        RequireKeys(root, "", "model", "data", "options", "network", "versions", "machine");
        YamlNode named = YamlFile.Child(root, "model") ?? throw new InputException($"{path}: model is missing: name the model.");
        string model = YamlFile.Text(named) ?? throw Wrong(named, "model is not a name; give a model's name");
        Dictionary<string, PropertyInfo> known;
        try
        {
            known = RunOptions.Of(RunOptions.TypeOf(ModelKinds.Of(model))).ToDictionary(option => option.Name, option => option.Property);
        }
        catch (InputException e)
        {
            throw new InputException($"{path}, line {named.Start.Line}: {e.Message}", e);
        }
        YamlMappingNode? data = Section(root, "data"), versions = Section(root, "versions"), machine = Section(root, "machine");
        if (data is not null) RequireKeys(data, "data.", "folder", "format", "train_split", "validation_split", "train", "validation");
        return new()
        {
            Model = model,
            Source = data is null ? null : Source(data),
            Train = data is null ? null : Split(data, "train"),
            Validation = data is null ? null : Split(data, "validation"),
            Options = Options(Section(root, "options"), known),
            Network = Options(Section(root, "network"), null),
            Machine = versions is null || machine is null ? null : Machine(versions, machine),
        };
    }

    private DataSource? Source(YamlMappingNode data)
    {
        if (Value(data, "folder") is not { } folder) return null;
        DatasetFormat format = DatasetFormat.Auto;
        if (YamlFile.Child(data, "format") is { } node && Value(data, "format") is { } text)
            format = (DatasetFormat)Parsed(node, "data.format", typeof(DatasetFormat), new([text]))!;
        // A file may be moved together with its data.
        string place = Path.GetFullPath(folder, Path.GetDirectoryName(Path.GetFullPath(path))!);
        return new(place, format, Value(data, "train_split"), Value(data, "validation_split"));
    }

    private RunData? Split(YamlMappingNode data, string name)
    {
        if (Section(data, name) is not { } split) return null;
        RequireKeys(split, $"data.{name}.", "name", "images", "fingerprint");
        return new(Required(split, "name"), Whole(split, "images"), Required(split, "fingerprint"));
    }

    private RunMachine Machine(YamlMappingNode versions, YamlMappingNode machine)
    {
        RequireKeys(versions, "versions.", "vision", "torchsharp", "libtorch");
        RequireKeys(machine, "machine.", "system", "processor", "threads", "memory_gib");
        return new()
        {
            Vision = Required(versions, "vision"), TorchSharp = Required(versions, "torchsharp"), Libtorch = Required(versions, "libtorch"),
            System = Required(machine, "system"), Processor = Required(machine, "processor"), Threads = Whole(machine, "threads"),
            MemoryGib = (double)Parsed(machine, "memory_gib", typeof(double), new([Required(machine, "memory_gib")]))!,
        };
    }

    private Dictionary<string, OptionValue> Options(YamlMappingNode? section, Dictionary<string, PropertyInfo>? known)
    {
        Dictionary<string, OptionValue> options = [];
        if (section is null) return options;
        if (known is not null) RequireKeys(section, "options.", [.. known.Keys]);
        foreach (var (key, node) in section)
        {
            OptionValue value = node is YamlSequenceNode list ? new([.. list.Select(item => YamlFile.Text(item)
                    ?? throw Wrong(item, $"{key} has an entry that is not a value; correct it"))], IsList: true)
                : node is YamlMappingNode ? throw Wrong(node, $"{key} is not a value; correct it")
                : IsNull(node) ? OptionValue.None : new([((YamlScalarNode)node).Value!]);
            string name = ((YamlScalarNode)key).Value!;
            if (known is not null)
            {
                Type type = known[name].PropertyType;
                // A list of one may be written without brackets.
                if (value is { IsGiven: true, IsList: false } && RunOptions.IsList(type)) value = value with { IsList = true };
                Parsed(node, name, type, value);
            }
            options[name] = value;
        }
        return options;
    }

    private object? Parsed(YamlNode node, string name, Type type, OptionValue value)
    {
        try
        {
            return RunOptions.Parse(type, value);
        }
        catch (FormatException e)
        {
            throw Wrong(node, $"{name} is {value}; it must be {e.Message}");
        }
    }

    private void RequireKeys(YamlMappingNode node, string prefix, params string[] known)
    {
        foreach (YamlNode key in node.Children.Keys)
        {
            string name = (key as YamlScalarNode)?.Value ?? "";
            if (!known.Contains(name))
                throw Wrong(key, $"there is no {prefix}{name}; correct it to one of {string.Join(", ", known)}, or remove it");
        }
    }

    private YamlMappingNode? Section(YamlMappingNode node, string name) => YamlFile.Child(node, name) switch
    {
        null => null,
        YamlMappingNode section => section,
        var other when IsNull(other) => null,
        var other => throw Wrong(other, $"{name} is not a section with keys of its own; correct it"),
    };

    private string Required(YamlMappingNode node, string name) => Value(node, name)
        ?? throw Wrong(node, $"{name} is missing in this section; add it, or remove the section");

    private int Whole(YamlMappingNode node, string name) => (int)Parsed(node, name, typeof(int), new([Required(node, name)]))!;

    private static string? Value(YamlMappingNode node, string name) =>
        YamlFile.Child(node, name) is YamlScalarNode value && !IsNull(value) ? YamlFile.Text(value) : null;

    private static bool IsNull(YamlNode node) =>
        node is YamlScalarNode { Style: ScalarStyle.Plain or ScalarStyle.Any, Value: null or "" or "null" or "~" };

    private InputException Wrong(YamlNode node, string what) => new($"{path}, line {node.Start.Line}: {what}.");
}
