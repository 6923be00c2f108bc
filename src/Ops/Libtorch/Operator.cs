using static TorchSharp.torch;

namespace Vision.Ops.Libtorch;

/// <summary>
/// An operator of libtorch, called through its dispatcher: with gradients where the operator has them, and seen by the tracer.
/// Arguments are checked against the schema; what they must be beyond their types (shapes, dtypes, devices), the caller has to
/// know, since libtorch tells its reasons only to the standard error stream.
/// </summary>
/// <param name="schema">The operator as libtorch writes it, <c>aten::mul.Tensor(Tensor self, Tensor other) ->
/// Tensor</c>. Types that <see cref="Argument"/> has not can't be called.</param>
internal sealed unsafe class Operator(string schema)
{
    private readonly OperatorSchema schema = OperatorSchema.Parse(schema);

    /// <summary>Calls it.</summary>
    /// <exception cref="ArgumentException">The arguments are not those of the schema.</exception>
    /// <exception cref="InvalidOperationException">libtorch refused, for a reason that it has
    /// written to the standard error stream.</exception>
    /// <exception cref="Exception">What a kernel of the project's own threw.</exception>
    public Tensor Call(params ReadOnlySpan<Argument> arguments)
    {
        string[] types = schema.Arguments;
        if (arguments.Length != types.Length)
            throw new ArgumentException($"{schema.Name} got {arguments.Length} arguments; expected {types.Length}.");
        for (int i = 0; i < types.Length; i++)
            if (!arguments[i].Fits(types[i]))
                throw new ArgumentException($"Argument {i} of {schema.Name} is {arguments[i].Type}; expected {types[i]}.");

        ulong* stack = stackalloc ulong[types.Length + 1];                 // room for the result where there are no arguments
        for (int i = 0; i < types.Length; i++) stack[i] = arguments[i].OnStack(types[i]);
        int status = Shim.torch_call_dispatcher(schema.Name, schema.Overload, stack, Shim.Version);
        Tensor? result = status == 0 ? TensorHandle.Own((nint)stack[0]) : null;
        KernelFailure.ThrowIfAny(result);
        Shim.Check(status, schema.Name);
        return result!;
    }
}
