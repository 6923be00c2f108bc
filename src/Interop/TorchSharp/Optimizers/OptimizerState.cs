using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>What an optimizer remembers of one parameter from step to step.</summary>
internal abstract class OptimizerState(Parameter parameter) : IDisposable
{
    public Parameter Parameter { get; } = parameter;

    public abstract void Save(BinaryWriter writer);

    public abstract void Load(BinaryReader reader);

    public abstract void MoveTo(Device device);

    public abstract void Dispose();

    /// <summary>Zeros like the parameter, that live until disposed.</summary>
    protected Tensor Zeros()
    {
        using var _ = no_grad();
        return zeros_like(Parameter).DetachFromDisposeScope();
    }

    protected static void Move(ref Tensor tensor, Device device)
    {
        Tensor moved = tensor.to(device).DetachFromDisposeScope();
        if (!ReferenceEquals(moved, tensor))
            tensor.Dispose();
        tensor = moved;
    }

    protected static void SaveOptional(BinaryWriter writer, Tensor? tensor)
    {
        writer.Write(tensor is not null);
        tensor?.Save(writer);
    }

    protected void LoadOptional(BinaryReader reader, ref Tensor? tensor)
    {
        if (reader.ReadBoolean())
        {
            tensor ??= Zeros();
            tensor.Load(reader);
        }
        else
        {
            tensor?.Dispose();
            tensor = null;
        }
    }
}
