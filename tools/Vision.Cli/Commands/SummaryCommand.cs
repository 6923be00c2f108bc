using System.CommandLine;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Spectre.Console;
using Vision.Backbones;
using Vision.Classification;
using Vision.Cli.Output;
using Vision.Detection;
using Vision.Graphs;
using Vision.Segmentation;
using Vision.Training;
using static TorchSharp.torch;

namespace Vision.Cli.Commands;

/// <summary><c>vision summary</c>: shows the layers of a network and what they cost.</summary>
internal static class SummaryCommand
{
    private const int SegmenterSide = 520, PascalVocClasses = 21, CocoClasses = 90, PersonClasses = 1;

    /// <summary>The command.</summary>
    public static Command Create()
    {
        Argument<string> model = CommonOptions.Model();
        Option<string?> backbone = CommonOptions.Backbone();
        Option<int?> classes = CommonOptions.Count("--classes",
            "Number of classes; by default that of published weights.");
        Option<(int Height, int Width)?> size =
            CommonOptions.Size("Size of the image, as the network sees it; by default 224x224 for most classifiers, 520x520 for " +
                "segmenters, and a square of the shorter side that detectors resize images to, such as 800x800.");
        Option<int?> depth = CommonOptions.Count("--depth",
            "Show modules up to this depth, 1 for the outermost, instead of blocks of layers.");
        Option<FileInfo?> svg = new("--svg") { Description = "Also draw the network into this file, as SVG.", HelpName = "FILE" };
        Option<FileInfo?> json = CommonOptions.Json();
        CommandWithExamples command = new("summary", "Shows a network's layers, with shapes, parameters, multiply-adds and memory.",
            "vision summary resnet50",
            "vision summary resnet50 --depth 1",
            "vision summary deeplabv3_resnet50 --backbone resnet18 --size 360x480 --svg deeplabv3.svg",
            "vision summary fasterrcnn_resnet50_fpn --svg fasterrcnn.svg")
        {
            model, backbone, classes, size, depth, svg, json,
        };
        command.SetAction(parsed =>
        {
            string name = parsed.GetRequiredValue(model);
            CommonOptions.Refuse(parsed, name, [backbone], ModelKind.Segmenter, ModelKind.Detector);
            NetworkSummary summary = Summarize(name, parsed.GetValue(backbone), parsed.GetValue(classes), parsed.GetValue(size));
            IReadOnlyList<LayerSummary> layers = parsed.GetValue(depth) is { } components ? summary.AtDepth(components) : summary.Blocks;
            Print(summary, layers);
            if (parsed.GetValue(svg) is { } file)
                TextFile.Write(file, summary.ToSvg(parsed.GetValue(backbone) is { } other ? $"{name} on {other}" : name));
            JsonFile.Write(parsed.GetValue(json), ToJson(name, summary, layers));
            return 0;
        });
        return command;
    }

    /// <exception cref="InputException">There is no such model, or it cannot take an image of this size.</exception>
    private static NetworkSummary Summarize(string name, string? backbone, int? classes, (int Height, int Width)? size)
    {
        using var scope = NewDisposeScope();
        var (network, side) = Create(name, backbone, classes);
        using (network)
        {
            network.eval();
            var (height, width) = size ?? (side, side);
            try
            {
                NetworkSummary summary = network is Detector detector ? detector.Summarize(height, width)
                    : NetworkSummary.Of((nn.Module<Tensor, Tensor>)network, zeros(1, 3, height, width));
                return summary.InputShape is [_, _, var seen, var across] && (seen, across) == (height, width) ? summary
                    : throw new InputException($"{name} sees every image as {summary.InputShape[2]}x{summary.InputShape[3]}: leave --size " +
                        "out.");
            }
            catch (NotSupportedException e)
            {
                throw new InputException($"{name} cannot be summarized: {e.Message}", e);
            }
            catch (ExternalException e)
            {
                throw new InputException($"{name} cannot take an image of {height}x{width}; give a larger --size.", e);
            }
        }
    }

    private static (nn.Module Network, int Side) Create(string name, string? backbone, int? classes)
    {
        switch (ModelKinds.Of(name))
        {
            case ModelKind.Classifier:
                return (ClassifierWeights.Create(name, classes), ClassifierDescription.UsualPreprocessing(name).Crop);
            case ModelKind.Segmenter:
                return (SegmenterCatalog.Create(name, new() { NumClasses = classes ?? PascalVocClasses, Backbone = backbone }),
                    SegmenterSide);
            default:
                bool isOfPersons = DetectorCatalog.ArchitectureOf(name).Task == DetectorTask.Keypoint;
                DetectorOptions options =
                    DetectorCatalog.DefaultsOf(name, 1 + (classes ?? (isOfPersons ? PersonClasses : CocoClasses)));
                return (DetectorCatalog.Create(name, options with { Backbone = backbone }), options.MinSize);
        }
    }

    private static void Print(NetworkSummary summary, IReadOnlyList<LayerSummary> layers)
    {
        Table table = new() { Border = TableBorder.Simple };
        table.AddColumn("Layer").AddColumn("What it is").AddColumn("Output");
        foreach (string column in (string[])["Parameters", "Multiply-adds", "Memory"])
            table.AddColumn(new TableColumn(column) { Alignment = Justify.Right, NoWrap = true });
        foreach (LayerSummary layer in layers)
            table.AddRow(layer.Name, layer.Kind, layer.OutputShape is { } shape ? string.Join('×', shape) : "",
                layer.Parameters > 0 ? $"{layer.Parameters:N0}" : "", layer.MultiplyAdds > 0 ? Quantity.Of(layer.MultiplyAdds) : "",
                layer.ActivationBytes > 0 ? Quantity.Bytes(layer.ActivationBytes) : "");
        AnsiConsole.Write(table);
        AnsiConsole.WriteLine($"{summary.Parameters:N0} parameters, {Quantity.Bytes(summary.ParameterBytes)} with buffers. For an image " +
            $"of {summary.InputShape[2]}x{summary.InputShape[3]}{Regions(summary)}: {Quantity.Of(summary.MultiplyAdds)} multiply-adds, " +
            $"{Quantity.Bytes(summary.ActivationBytes)} of activations.");
    }

    /// <summary>What the heads of a detector are given, if there are some.</summary>
    private static string Regions(NetworkSummary summary) => summary.InputShapes.Count == 1 ? ""
        : $", and then {string.Join(" and ", summary.InputShapes.Skip(1).Select(shape => string.Join('×', shape)))}";

    private static JsonObject ToJson(string name, NetworkSummary summary, IReadOnlyList<LayerSummary> layers) => new()
    {
        ["model"] = name,
        ["input"] = Shape(summary.InputShape),
        ["part_inputs"] = new JsonArray([.. summary.InputShapes.Select(Shape)]),
        ["output"] = Shape(summary.OutputShape),
        ["parameters"] = summary.Parameters,
        ["parameter_bytes"] = summary.ParameterBytes,
        ["multiply_adds"] = summary.MultiplyAdds,
        ["activation_bytes"] = summary.ActivationBytes,
        ["layers"] = new JsonArray([.. layers.Select(layer => new JsonObject
        {
            ["name"] = layer.Name, ["kind"] = layer.Kind, ["output"] = layer.OutputShape is { } shape ? Shape(shape) : null,
            ["parameters"] = layer.Parameters, ["multiply_adds"] = layer.MultiplyAdds, ["activation_bytes"] = layer.ActivationBytes,
        })]),
    };

    private static JsonArray Shape(IReadOnlyList<long> shape) => new([.. shape.Select(size => JsonValue.Create(size))]);
}
