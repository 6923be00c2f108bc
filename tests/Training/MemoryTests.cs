using Vision.Testing;
using static TorchSharp.torch;

namespace Vision.Training.Tests;

public class MemoryTests
{
    [Fact]
    public void Live_tensors_stay_constant_over_steps_and_nothing_is_left_of_a_run()
    {
        using TempFolder folder = new();
        List<long> live = [];
        int run = 0;
        // Outside: the constructors of TorchSharp's layers leave tensors to the garbage collector.
        using ToyTask task = new() { StepsPerEpoch = 150 };

        LiveTensors.Unchanged(() =>
        {
            live.Clear();
            Recorder recorder = new() { OnStep = _ => live.Add(Tensor.TotalCount) };
            new Trainer<ToyBatch>(task, TrainerTests.Options(folder) with { Folder = folder[$"{run++}"], Epochs = 2 }, recorder).Run();
        });

        Assert.Equal(300, live.Count);
        // Momenta are made at the first step.
        Assert.All(live.Skip(1), count => Assert.Equal(live[1], count));
    }
}
