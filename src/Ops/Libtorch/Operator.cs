using static TorchSharp.torch;

namespace Vision.Ops.Libtorch;

/// <summary>
/// An operator of libtorch, called through its dispatcher: with gradients if the operator has them, and visible to the tracer.
/// Argument types are checked against the schema; shapes, dtypes and devices are the caller's responsibility,
/// since libtorch writes its errors only to the standard error stream.
/// </summary>
/// <param name="schema">The operator in schema notation, such as <c>aten::mul.Tensor(Tensor self, Tensor other) ->
/// Tensor</c>. Only the types of <see cref="Argument"/> are supported.</param>
internal sealed unsafe class Operator(string schema)
{
    private readonly OperatorSchema schema = OperatorSchema.Parse(schema);

    /// <summary>Calls the operator.</summary>
    /// <exception cref="ArgumentException">The arguments do not match the schema.</exception>
    /// <exception cref="InvalidOperationException">libtorch failed, and has written
    /// the reason to the standard error stream.</exception>
    /// <exception cref="Exception">The exception of one of the toolkit's own kernels.</exception>
    public Tensor Call(params ReadOnlySpan<Argument> arguments)
    {
        string[] types = schema.Arguments;
        if (arguments.Length != types.Length)
            throw new ArgumentException($"{schema.Name} got {arguments.Length} arguments; expected {types.Length}.");
        for (int i = 0; i < types.Length; i++)
            if (!arguments[i].Fits(types[i]))
                throw new ArgumentException($"Argument {i} of {schema.Name} is {arguments[i].Type}; expected {types[i]}.");

        ulong* stack = stackalloc ulong[types.Length + 1];                 // room for the result if there are no arguments
        for (int i = 0; i < types.Length; i++) stack[i] = arguments[i].OnStack(types[i]);
        int status = Shim.torch_call_dispatcher(schema.Name, schema.Overload, stack, Shim.Version);
        Tensor? result = status == 0 ? TensorHandle.Own((nint)stack[0]) : null;
        KernelFailure.ThrowIfAny(result);
        Shim.Check(status, schema.Name);
        return result!;
    }
}
