using TorchSharp;
using TorchSharp.Modules;
using Vision.Testing;
using static TorchSharp.torch;

namespace Vision.Graphs.Tests;

[Trait("Category", "Slow")]
public class CompiledMemoryTests
{
    /// <summary>Weights are packed for the sizes at hand; what was packed for others goes.</summary>
    [Fact]
    public void AThousandImagesOfTwoHundredSizesTakeNoMoreMemoryThanTwoHundred()
    {
        const int sizes = 200, rounds = 5, packedAtMost = 60;
        using Net network = new();
        using Tensor example = rand(1, 3, 64, 64);
        using CompiledNetwork compiled = CompiledNetwork.Of(network, example);
        long unpacked = LiveTensors.Count();
        Round();
        long before = NativeHeap.Allocated(), resident = ResidentMemory.InUse();
        Assert.InRange(Tensor.TotalCount - unpacked, 1, packedAtMost);
        for (int i = 1; i < rounds; i++) Round();
        Assert.InRange((NativeHeap.Allocated() - before) >> 20, long.MinValue, 4);
        Assert.InRange((ResidentMemory.InUse() - resident) >> 20, long.MinValue, 40);

        void Round()
        {
            for (int i = 0; i < sizes; i++)
            {
                using Tensor image = rand(1, 3, 32 + i % 50, 32 + 16 * (i / 50));
                compiled.Call(image).Dispose();
            }
        }
    }

    [Fact]
    public void AConvolutionThatIsUsedTwiceIsPackedOnce()
    {
        using Twice network = new();
        using Tensor image = rand(1, 8, 32, 32);
        using CompiledNetwork compiled = CompiledNetwork.Of(network, image);
        long unpacked = LiveTensors.Count();
        compiled.Call(image).Dispose();
        Assert.Equal(unpacked + 2, Tensor.TotalCount);                      // weight and bias
    }

    private sealed class Twice : nn.Module<Tensor, Tensor>
    {
        private readonly Conv2d conv = nn.Conv2d(8, 8, 1);

        public Twice() : base(nameof(Twice))
        {
            RegisterComponents();
            eval();
        }

        public override Tensor forward(Tensor x)
        {
            using Tensor once = conv.call(x);
            return conv.call(once);
        }
    }

    /// <summary>Convolutions that are computed by oneDNN and, with some sizes, by Winograd's algorithm.</summary>
    private sealed class Net : nn.Module<Tensor, Tensor>
    {
        private readonly Conv2d conv1 = nn.Conv2d(3, 128, 3, stride: 2, padding: 1, bias: false);
        private readonly BatchNorm2d norm1 = nn.BatchNorm2d(128), norm2 = nn.BatchNorm2d(128);
        private readonly Conv2d conv2 = nn.Conv2d(128, 128, 3, padding: 1, bias: false), conv3 = nn.Conv2d(128, 32, 1);

        public Net() : base(nameof(Net))
        {
            RegisterComponents();
            eval();
        }

        public override Tensor forward(Tensor x)
        {
            using var scope = NewDisposeScope();
            x = norm1.call(conv1.call(x)).relu_();
            return conv3.call((norm2.call(conv2.call(x)) + x).relu_()).MoveToOuterDisposeScope();
        }
    }
}
