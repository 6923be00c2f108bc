using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Vision.Ops.Libtorch;

/// <summary>The arguments of a call of one of the toolkit's own operators, by index. They
/// live in the dispose scope of the kernel's call.</summary>
internal sealed unsafe class KernelArguments
{
    private readonly Tensor?[] tensors;
    private readonly ulong[] values;

    private KernelArguments(Tensor?[] tensors, ulong[] values) => (this.tensors, this.values) = (tensors, values);

    /// <summary>Takes ownership of all arguments on libtorch's stack, so that they are freed even if the kernel ignores them.</summary>
    /// <exception cref="NotSupportedException">The schema has an argument that is neither a tensor nor a single number.</exception>
    public static KernelArguments Take(OperatorSchema schema, ulong* stack)
    {
        int count = schema.Arguments.Length;
        Tensor?[] tensors = new Tensor?[count];
        ulong[] values = new ulong[count];
        for (int i = 0; i < count; i++)
        {
            switch (schema.Arguments[i])
            {
                case "Tensor": tensors[i] = TensorHandle.Own((nint)stack[i]); break;
                case "Tensor?": tensors[i] = TakeOptional((ulong*)stack[i]); break;
                case "int" or "float" or "bool": values[i] = stack[i]; break;
                default: throw new NotSupportedException($"A kernel of {schema.Name} cannot take a {schema.Arguments[i]}.");
            }
        }
        return new(tensors, values);
    }

    public Tensor Tensor(int place) => tensors[place]!;
    public Tensor? OptionalTensor(int place) => tensors[place];
    public long Int(int place) => (long)values[place];
    public double Float(int place) => BitConverter.UInt64BitsToDouble(values[place]);
    public bool Bool(int place) => (values[place] & 0xFF) != 0;

    private static Tensor? TakeOptional(ulong* pointer)
    {
        if (pointer is null) return null;
        Tensor taken = TensorHandle.Own((nint)(*pointer));
        NativeMemory.Free(pointer);  // allocated by libtorch's operator new, which is malloc on every supported system
        return taken;
    }
}
