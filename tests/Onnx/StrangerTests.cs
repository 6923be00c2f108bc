using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using TorchSharp;
using Vision.Backbones;
using Vision.Classification;
using Vision.Data;
using Vision.Detection;
using Vision.Segmentation;
using Vision.Testing;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace Vision.Onnx.Tests;

/// <summary>Programs that know nothing of this toolkit run its files.</summary>
public sealed class StrangerTests(ITestOutputHelper log) : IDisposable
{
    // Reads [{file, dims, image}] and prints the outputs of each, by name.
    private const string Program = """
        const ort = require('onnxruntime-node'), fs = require('fs');
        (async () => {
          const answers = [];
          for (const { file, dims, image } of JSON.parse(fs.readFileSync('requests.json'))) {
            const session = await ort.InferenceSession.create(file, { logSeverityLevel: 3 });
            const bytes = fs.readFileSync(image);
            const pixels = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
            const outputs = await session.run({ image: new ort.Tensor('float32', pixels, dims) });
            answers.push(Object.fromEntries(Object.entries(outputs).map(
              ([name, { dims, data }]) => [name, { dims, values: Array.from(data, Number) }])));
          }
          console.log(JSON.stringify(answers));
        })();
        """;

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    private sealed record Answer(long[] Dims, float[] Values)
    {
        public Tensor ToTensor() => tensor(Values, Dims);
    }

    [SkippableFact]
    [Trait("Category", "Slow")]
    public void NodeComputesWhatAClassifierASegmenterAndADetectorDo()
    {
        Skip.IfNot(Ran("npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "onnxruntime-node") is not null,
            "npm, or its package onnxruntime-node, cannot be installed here.");
        using var scope = NewDisposeScope();
        var (classifier, described) = ExportedModels.Classifier("resnet18");
        var (segmenter, description) = ExportedModels.Segmenter("lraspp_mobilenet_v3_large", "mobilenet_v3_large");
        var (detector, ofDetector) = ExportedModels.Detector("fasterrcnn_resnet18_fpn");
        using (classifier)
        using (segmenter)
        using (detector)
        {
            Exporter.ToOnnx(classifier, described, folder["classifier.onnx"], new());
            Exporter.ToOnnx(segmenter, description, folder["segmenter.onnx"], new());
            Exporter.ToOnnx(detector, ofDetector, folder["detector.onnx"], new());
            Tensor crops = rand(2, 3, 64, 64), image = rand(1, 3, 75, 101);
            folder.Write("crops.bin", crops.bytes);
            folder.Write("image.bin", image.bytes);
            folder.Write("requests.json", JsonSerializer.Serialize(new[]
            {
                new { file = "classifier.onnx", dims = crops.shape, image = "crops.bin" },
                new { file = "segmenter.onnx", dims = image.shape, image = "image.bin" },
                new { file = "detector.onnx", dims = image.shape, image = "image.bin" },
            }));
            folder.Write("run.cjs", Program);
            string output = Ran("node", "run.cjs") ?? throw new InvalidOperationException("node failed to run the files.");

            using var noGradient = inference_mode();
            var answers = JsonSerializer.Deserialize<Dictionary<string, Answer>[]>(output, JsonSerializerOptions.Web)!;
            Close.To(answers[0]["logits"].ToTensor(),
                classifier.call(new ClassifierInput(described.Preprocessing).Normalize(crops, CPU)), 1e-4, "classifier");
            Close.To(answers[1]["logits"].ToTensor(), segmenter.Logits(image[0]), 1e-4, "segmenter");
            Detections expected = detector.call([image[0]])[0], found = new()
            {
                Boxes = [.. answers[2]["boxes"].Values.Chunk(4).Select(side => new Box(side[0], side[1], side[2], side[3]))],
                Scores = answers[2]["scores"].Values,
                Labels = [.. answers[2]["labels"].Values.Select(label => (int)label)],
            };
            Assert.NotEmpty(expected.Boxes);
            SameDetections.Check(found, expected, log);
        }
    }

    /// <summary>What a program printed in the folder; null if it is missing or failed.</summary>
    private string? Ran(string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { WorkingDirectory = folder.Path, RedirectStandardOutput = true };
        try
        {
            using Process process = Process.Start(start)!;
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? output : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
