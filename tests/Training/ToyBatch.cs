using static TorchSharp.torch;

namespace Vision.Training.Tests;

/// <summary>Points and what the toy network should say of them.</summary>
internal sealed record ToyBatch(int Index, Tensor Points, Tensor Answers) : IDisposable
{
    public void Dispose()
    {
        Points.Dispose();
        Answers.Dispose();
    }
}
