using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Vision.Training.Tests;

/// <summary>A network of a few numbers, with batch statistics and random draws in it, since these are what resuming gets wrong first.</summary>
internal sealed class ToyNet : Module<Tensor, Tensor>
{
    private readonly Linear hidden = Linear(4, 16);
    private readonly BatchNorm2d norm = BatchNorm2d(16);
    private readonly Dropout dropout = Dropout(0.1);
    private readonly Linear output = Linear(16, 1);

    public ToyNet() : base(nameof(ToyNet)) => RegisterComponents();

    public override Tensor forward(Tensor x)             // [N, 4] → [N, 1]
    {
        using var scope = NewDisposeScope();
        Tensor y = norm.call(hidden.call(x).reshape(-1, 16, 1, 1)).reshape(-1, 16);      // [N, 16]
        return output.call(dropout.call(functional.relu(y))).MoveToOuterDisposeScope();
    }
}
