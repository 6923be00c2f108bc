using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Spectre.Console;
using Vision.Cli.Benchmarks;
using Vision.Cli.Output;
using Vision.Training;
using static TorchSharp.torch;

namespace Vision.Cli.Commands;

/// <summary><c>vision bench</c>: times a model on a batch.</summary>
internal static class BenchCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        Argument<string> model = CommonOptions.ModelOrFile();
        Option<string?> backbone =
            CommonOptions.Backbone("Backbone to use instead of the one in the model's name; several, separated by commas, are compared.");
        Option<string> weights =
            CommonOptions.Weights(required: false, "Weights to use, a file or a name; by default random weights.");
        Option<FileInfo> image =
            new("--image") { Description = "Photograph to compute on, resized to --size; by default noise.", HelpName = "FILE" };
        Option<int> batchSize = CommonOptions.Count("--batch-size", 1, "Images in a batch.");
        Option<(int Height, int Width)?> size = CommonOptions.Size("Size of the input image, which a detector still resizes by its own " +
            "rule; by default 480x640 for detectors, 520x520 for segmenters and 224x224 for classifiers.");
        Option<int> threads = CommonOptions.Count("--threads", Environment.ProcessorCount, "Threads to compute with.");
        Option<int> iterations = CommonOptions.Count("--iterations", 10, "Batches to time, after two warmup batches.");
        Option<bool> train = new("--train") { Description = "Time forward, losses and backward of a batch, without the optimizer." };
        Option<string> engine = Engine.Option();
        Option<string> device = CommonOptions.Device();
        Option<FileInfo?> json = CommonOptions.Json();
        CommandWithExamples command = new("bench", "Times a model on a batch that repeats one image.",
            "vision bench resnet50",
            "vision bench resnet50 --engine eager",
            "vision bench road.onnx --size 360x480       (any ONNX file, in ONNX Runtime)",
            "vision bench fasterrcnn_resnet50_fpn --size 480x640 --train",
            "vision bench fasterrcnn_resnet50_fpn --backbone resnet18,resnet50,mobilenet_v3_large",
            "tools/bench-vs-torchvision fasterrcnn_resnet50_fpn       (compared with torchvision, in one run)")
        {
            model, backbone, weights, image.AcceptExistingOnly(), batchSize, size, threads, iterations, train, engine, device, json,
        };
        command.SetAction(parsed =>
        {
            string name = parsed.GetRequiredValue(model);
            if (ModelChoice.IsFile(name))
            {
                foreach (Option option in (Option[])[backbone, weights, image, train, engine, device])
                    if (parsed.GetResult(option) is { Implicit: false })
                        throw new InputException($"{option.Name} is for models by name, and {name} is a file: leave it out.");
                using OnnxBench file = new(name, parsed.GetValue(batchSize), parsed.GetValue(size), parsed.GetValue(threads));
                return Report(file.Description, parsed.GetValue(batchSize), Timing.Of(file.Step, parsed.GetValue(iterations)),
                    parsed.GetValue(json));
            }
            set_num_threads(parsed.GetValue(threads));
            CommonOptions.Refuse(parsed, name, [backbone], ModelKind.Detector, ModelKind.Segmenter);
            string[] backbones = parsed.GetValue(backbone)?.Split(',', StringSplitOptions.TrimEntries) ?? [];
            if (backbones.Length > 1 && parsed.GetValue(weights) is not null)
                throw new InputException("--weights needs a single backbone: leave it out, or name one backbone.");
            string? single = backbones.Length == 1 ? backbones[0] : null;
            Engine computed = Engine.Of(parsed, engine);
            if (computed.IsCompiled && parsed.GetValue(train))
                throw new InputException("--engine compiled is for prediction, and --train times training: leave one of them out.");
            BenchOptions options = new()
            {
                Model = name,
                Backbone = single,
                Weights = WeightsArgument.Resolve(parsed.GetValue(weights), name, single),
                Image = parsed.GetValue(image)?.FullName,
                BatchSize = parsed.GetValue(batchSize),
                Size = parsed.GetValue(size),
                Train = parsed.GetValue(train),
                Engine = computed,
                Device = ComputeDevice.Named(parsed.GetRequiredValue(device)),
            };
            return backbones.Length > 1
                ? BackboneComparison.Run(options, backbones, parsed.GetValue(iterations), parsed.GetValue(json))
                : Run(options, parsed.GetValue(iterations), parsed.GetValue(json));
        });
        return command;
    }

    private static int Run(BenchOptions options, int iterations, FileInfo? json)
    {
        using BenchSubject subject = BenchSubject.Create(options);
        return Report(subject.Description, subject.BatchSize, Timing.Of(subject.Step, iterations), json);
    }

    private static int Report(string description, int batchSize, Timing timing, FileInfo? json)
    {
        double imagesPerSecond = 1000 * batchSize / timing.Median;
        AnsiConsole.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{description}: median {timing.Median:F1} ms, fastest {timing.Minimum:F1} ms, {imagesPerSecond:F1} images/s"));
        JsonFile.Write(json, new JsonObject
        {
            ["median_ms"] = timing.Median, ["min_ms"] = timing.Minimum, ["images_per_s"] = imagesPerSecond,
        });
        return 0;
    }
}
