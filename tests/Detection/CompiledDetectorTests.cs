using Vision.Data;
using Vision.Graphs;
using Vision.Testing;
using static TorchSharp.torch;

namespace Vision.Detection.Tests;

/// <summary>Every detector, compiled: each of its parts computes what it does as it is written, for inputs of any size.</summary>
[Trait("Category", "Slow")]
public class CompiledDetectorTests
{
    public static TheoryData<string> Names => [.. DetectorCatalog.DefaultNames];

    [Theory, MemberData(nameof(Names))]
    public void OutputsAreThoseOfTheNetwork(string name)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        using Detector model = SmallDetectors.Small(name);
        foreach (var (key, buffer) in model.named_buffers())
        {
            if (key.EndsWith("running_mean", StringComparison.Ordinal)) buffer.normal_(0, 0.1);
            if (key.EndsWith("running_var", StringComparison.Ordinal)) buffer.uniform_(0.8, 1.2);
        }
        model.eval();
        Tensor[] images = [rand(3, 60, 80), rand(3, 33, 97)];
        Detections[] expected = model.call(images);
        Tensor[][][] inputs = [.. model.Parts.Select(part => (Tensor[][])[Inputs(part, 2, 1.25, 0.75), Inputs(part, 3, 0.5, 1.75)])];
        Tensor[][][] outputs = [.. model.Parts.Zip(inputs, (part, all) => (Tensor[][])[.. all.Select(one => part.Call(one))])];

        model.Compile();
        for (int i = 0; i < inputs.Length; i++)
            for (int j = 0; j < inputs[i].Length; j++)
            {
                Tensor[] compiled = model.Parts[i].Call(inputs[i][j]);
                Assert.Equal(outputs[i][j].Length, compiled.Length);
                for (int k = 0; k < compiled.Length; k++)
                    Close.To(compiled[k], outputs[i][j][k], 3e-5, $"output {k} of part {i}, input {j}");
            }
        Detections[] found = model.call(images);
        for (int i = 0; i < images.Length; i++)
        {
            // Rounding may decide which of two boxes is suppressed, but hardly ever does.
            int same = expected[i].Scores.Zip(found[i].Scores).Count(pair => Math.Abs(pair.First - pair.Second) < 1e-4f);
            Assert.InRange(same, (int)(0.95 * expected[i].Count), found[i].Count);
        }
        LiveTensors.Unchanged(() => model.call([images[0]]));

        model.train();
        model.eval();
        Detections[] again = model.call(images);
        Assert.Equal(expected[0].Scores, again[0].Scores);
    }

    /// <summary>Weights are packed for the sizes at hand; what was packed for others goes.</summary>
    [Fact]
    public void AThousandImagesOfTwoHundredSizesTakeNoMoreMemoryThanTwoHundred()
    {
        const int sizes = 200, rounds = 5;
        using var noGradient = no_grad();
        using Detector model = SmallDetectors.Small("fasterrcnn_mobilenet_v3_large_fpn");
        model.eval();
        model.Compile();
        Round();
        long before = NativeHeap.Allocated(), resident = ResidentMemory.InUse(), tensors = LiveTensors.Count();
        for (int i = 1; i < rounds; i++) Round();
        Assert.Equal(tensors, Tensor.TotalCount);
        Assert.InRange((NativeHeap.Allocated() - before) >> 20, long.MinValue, 4);
        Assert.InRange((ResidentMemory.InUse() - resident) >> 20, long.MinValue, 40);

        void Round()
        {
            for (int i = 0; i < sizes; i++)
            {
                using var scope = NewDisposeScope();
                foreach (NetworkPart part in model.Parts)
                    part.Call(Inputs(part, 1 + i % 3, 0.25 + 0.01 * (i % 50), 0.25 + 0.125 * (i / 50)));
            }
        }
    }

    private static Tensor[] Inputs(NetworkPart part, long count, params double[] sides) => [.. part.Shapes.Select(shape =>
    {
        long[] size = [.. shape.Select((side, i) =>
            side != NetworkPart.Any ? side : i == 0 ? count : (long)(part.ExampleSide * sides[i % 2]))];
        return size.Length == 3 ? ones(size, @bool) : rand(size);
    })];
}
