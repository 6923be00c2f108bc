using Vision.Onnx.Building;
using Vision.Onnx.Exporting;
using Vision.Testing;
using static TorchSharp.torch;

namespace Vision.Onnx.Tests;

public class OnnxGraphBuilderTests
{
    [Fact]
    public void OperatorsOfCSharpAddThoseOfOnnx()
    {
        using var scope = NewDisposeScope();
        Tensor x = tensor([-2f, -0.5f, 0.25f, 3]), a = Run(x, (_, v) => (-(v * 2f) + 1f) / 4f - v);
        Close.To(a, (-(x * 2) + 1) / 4 - x, 1e-6);
        Close.To(Run(x, (_, v) => (((v > -1f) & !(v >= v.Builder.Const(3f))) | (v < -1.5f)).Cast(DataType.Float)),
            tensor([1f, 1, 1, 0]), 0);
        Close.To(Run(x, (_, v) => (1f - v.Slice(0, 1, 3)).Unsqueeze(0).Expand(v.Builder.Const([3L, 2]))), (1 - x[1..3]).expand(3, 2), 0);
        Close.To(Run(x, (builder, v) => v.Gather(builder.Const([3L, 0]))), tensor([3f, -2]), 0);
        Close.To(Run(x, (_, v) => (5L - v.Size(0) * 2L).Cast(DataType.Float)), tensor([-3f]), 0);
    }

    [Theory]
    [InlineData(1, 6)]
    [InlineData(-1, 0)]
    public void ABranchIsChosen(float sign, float expected)
    {
        using var scope = NewDisposeScope();
        Tensor y = Run(tensor([sign, 2]), (builder, v) => builder.If(builder.Op("Greater", v.Slice(0, 0, 1).Squeeze(0), builder.Const(0f)),
            then => [then.Op("ReduceSum", v) * 2f], otherwise => [otherwise.Const(0f)])[0].Reshape(1));
        Close.To(y, tensor([expected]), 0);
    }

    [Fact]
    public void EqualConstantsAreWrittenOnce()
    {
        using var scope = NewDisposeScope();
        using OnnxGraphBuilder builder = new("graph");
        Tensor weight = rand(2, 3);
        OnnxValue[] values =
        [
            builder.Const(1f), builder.Const(1f), builder.Const([1f]), builder.Const(1L), builder.Weight(weight, "weight"),
            builder.Weight(weight, "same"), builder.Weight(rand(2, 3), "weight"),
        ];
        Assert.Equal(5, values.Select(value => value.Name).Distinct().Count());
        Assert.Equal(5, builder.Graph.Initializer.Count);
        Assert.Equal(["weight", "weight_1"], values[4..].Select(value => value.Name).Distinct());
    }

    private static Tensor Run(Tensor x, Func<OnnxGraphBuilder, OnnxValue, OnnxValue> build)
    {
        using OnnxGraphBuilder builder = new("graph");
        builder.Output("y", build(builder, builder.Input("x", DataType.Float, "N")), DataType.Float);
        using TempFolder folder = new();
        OnnxModelFile.Write(folder["a.onnx"], builder.Graph, new Dictionary<string, string>());
        using Ort exported = new(folder["a.onnx"]);
        return exported.Run(x)[0];
    }
}
