using TorchSharp.Modules;
using Vision.Ops;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Vision.Training.Tests;

/// <summary>
/// A network of a few numbers, with batch statistics, random draws and a convolution's weights that lie
/// channels-last in it, since these are what resuming gets wrong first.
/// </summary>
internal sealed class ToyNet : Module<Tensor, Tensor>
{
    private readonly Conv2d hidden = Conv2d(2, 16, (1, 2));
    private readonly BatchNorm2d norm = BatchNorm2d(16);
    private readonly Dropout dropout = Dropout(0.1);
    private readonly Linear output = Linear(16, 1);

    public ToyNet() : base(nameof(ToyNet))
    {
        RegisterComponents();
        MemoryFormat.ChannelsLast(this);
    }

    public bool IsChannelsLast => !hidden.weight!.is_contiguous();

    public override Tensor forward(Tensor x)             // [N, 4] → [N, 1]
    {
        using var scope = NewDisposeScope();
        Tensor y = norm.call(hidden.call(x.reshape(-1, 2, 1, 2))).reshape(-1, 16);      // [N, 16]
        return output.call(dropout.call(functional.relu(y))).MoveToOuterDisposeScope();
    }
}
