using System.Runtime.InteropServices;
using Vision.Ops.Libtorch;
using Vision.Testing;
using static TorchSharp.torch;

namespace Vision.Ops.Tests.Libtorch;

public unsafe class CustomOperatorTests
{
    private static readonly CustomOperator cube = new(
        "test_cube(Tensor x, Tensor? scale, int times, float offset, bool fail) -> Tensor", &CubeKernel);

    [UnmanagedCallersOnly]
    private static void CubeKernel(ulong* stack, ulong arguments, ulong results) => cube.Run(stack, given =>
    {
        if (given.Bool(4)) throw new FileNotFoundException("A kernel may fail.");
        Tensor cubed = CubeFunction.apply(given.Tensor(0)) * (double)given.Int(2) + given.Float(3);
        return given.OptionalTensor(1) is { } scale ? cubed * scale : cubed;
    });

    private sealed class CubeFunction : autograd.SingleTensorFunction<CubeFunction>
    {
        public override string Name => nameof(CubeFunction);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            ctx.save_for_backward([(Tensor)vars[0]]);
            return ((Tensor)vars[0]).pow(3);
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) =>
            [3 * ctx.get_saved_variables()[0].pow(2) * grad_output];
    }

    private static Tensor Cube(Tensor x, Tensor? scale = null, bool fail = false) => cube.Call(x, scale, 2, 0.5, fail);

    [Fact]
    public void AKernelInCSharpIsAnOperatorWithGradients()
    {
        using var scope = NewDisposeScope();
        Tensor x = rand(4, requires_grad: true), scale = rand(4);
        Close.To(Cube(x), 2 * x.pow(3) + 0.5, 1e-6);
        Cube(x, scale).sum().backward();
        Close.To(x.grad!, 6 * x.square() * scale, 1e-6);
        using var noGradient = no_grad();
        Assert.False(Cube(x).requires_grad);
    }

    [Fact]
    public void AnExceptionInTheKernelIsThrownAtTheCallAndNothingIsLeft()
    {
        using var scope = NewDisposeScope();
        Tensor x = rand(20_000);
        Assert.Equal("A kernel may fail.", Assert.Throws<FileNotFoundException>(() => Cube(x, fail: true)).Message);
        Close.To(Cube(x), 2 * x.pow(3) + 0.5, 1e-6);
        LiveTensors.Unchanged(() => Assert.Throws<FileNotFoundException>(() => Cube(x, x, fail: true)));
        Assert.InRange(Memory.Growth(2_000, () => Assert.Throws<FileNotFoundException>(() => Cube(rand(20_000), x, fail: true))), 0,
            64 << 20);
    }

    [Fact]
    public void TenThousandCallsLeaveNothingBehind()
    {
        using var scope = NewDisposeScope();
        Tensor x = rand(20_000), leaf = rand(20_000, requires_grad: true), scale = rand(20_000);
        LiveTensors.Unchanged(() =>
        {
            using var inner = NewDisposeScope();
            Cube(x, scale);
        });
        Assert.InRange(Memory.Growth(10_000, () => Cube(x, scale)), 0, 64 << 20);
        Assert.InRange(Memory.Growth(3_000, () => Cube(leaf, scale).sum().backward()), 0, 64 << 20);
    }

    [Fact]
    public void ATracerSeesOneNodeWithItsArguments()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        string graph = Tracer.Graph(rand(2, 3, 4), x => Cube(x).relu());
        Assert.Contains("vision::test_cube(", graph);
        Assert.Contains("aten::relu(", graph);
        Assert.DoesNotContain("aten::pow(", graph);                        // nothing of its inside
        Assert.Matches("int = prim::Constant\\[value=2\\]", graph);
        Assert.Matches("float = prim::Constant\\[value=0.5\\]", graph);
    }
}
