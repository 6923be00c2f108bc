using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Vision.Training;

/// <summary>Lets a model be run as in training without a trace: when this is disposed, its statistics, its modes, what of it is trained and
/// the random generator are as before, and there are no gradients. Weights are left alone.</summary>
internal sealed class UntouchedModel : IDisposable
{
    private readonly (Tensor Buffer, Tensor Value)[] buffers;
    private readonly (Parameter Parameter, bool Trained)[] parameters;
    private readonly (nn.Module Module, bool Training)[] modules;
    private readonly Tensor random;

    /// <summary>Remembers the state of a model.</summary>
    public UntouchedModel(nn.Module model)
    {
        using var noGrad = no_grad();
        buffers = [.. model.named_buffers().Select(entry => (entry.buffer, entry.buffer.clone().DetachFromDisposeScope()))];
        parameters = [.. model.parameters().Select(parameter => (parameter, parameter.requires_grad))];
        modules = [.. model.named_modules().Select(entry => (entry.module, entry.module.training)).Prepend((model, model.training))];
        random = get_rng_state().DetachFromDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        using var noGrad = no_grad();
        // From the outermost in: a mode holds for all layers below.
        foreach (var (module, training) in modules) module.train(training);
        foreach (var (parameter, trained) in parameters)
        {
            parameter.grad = null;
            parameter.requires_grad = trained;
        }
        foreach (var (buffer, value) in buffers)
        {
            buffer.copy_(value);
            value.Dispose();
        }
        set_rng_state(random);
        random.Dispose();
    }
}
