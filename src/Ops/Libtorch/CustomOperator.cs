using static TorchSharp.torch;

namespace Vision.Ops.Libtorch;

/// <summary>
/// One of the toolkit's own operators, <c>vision::…</c>, with a kernel in C#. libtorch's dispatcher treats it like its own: it is called
/// by name, and the tracer records it as one node with its arguments. The kernel is registered as <c>CompositeImplicitAutograd</c>: it
/// runs with autograd enabled, so that everything it calls, including a C# autograd function, has gradients.
/// </summary>
internal sealed unsafe class CustomOperator
{
    private const string Space = "vision";

    // Never deleted, because libtorch would then unregister the operators.
    private static readonly nint definitions = Definitions(), kernels = Kernels();

    private readonly OperatorSchema schema;
    private readonly Operator call;

    /// <summary>Registers the operator with libtorch, once per process.</summary>
    /// <param name="schema">The schema without the namespace, such as <c>nms(Tensor boxes,
    /// Tensor scores, float threshold) -> Tensor</c>.</param>
    /// <param name="kernel">The function that libtorch calls: an <c>[UnmanagedCallersOnly]</c>
    /// method that only calls <see cref="Run"/>.</param>
    public CustomOperator(string schema, delegate* unmanaged<ulong*, ulong, ulong, void> kernel)
    {
        this.schema = OperatorSchema.Parse(schema);
        Shim.Check(Shim.aoti_torch_library_def(definitions, schema), $"defining {Space}::{schema}");
        Shim.Check(Shim.torch_library_impl(kernels, this.schema.Name, kernel, Shim.Version), $"implementing {Space}::{schema}");
        call = new Operator($"{Space}::{schema}");
    }

    /// <inheritdoc cref="Operator.Call"/>
    public Tensor Call(params ReadOnlySpan<Argument> arguments) => call.Call(arguments);

    /// <summary>Runs the kernel's body on the arguments on libtorch's stack, and leaves the result
    /// there. An exception is transferred to <see cref="Call"/>.</summary>
    public void Run(ulong* stack, Func<KernelArguments, Tensor> body)
    {
        using var scope = NewDisposeScope();
        try
        {
            stack[0] = (ulong)TensorHandle.Share(body(KernelArguments.Take(schema, stack)));
        }
        catch (Exception caught)
        {
            KernelFailure.Keep(caught);
            stack[0] = (ulong)TensorHandle.Share(empty(0));
        }
    }

    private static nint Definitions()
    {
        Shim.Check(Shim.aoti_torch_library_init_fragment(Space, nameof(CustomOperator), 1, out nint library), $"the namespace {Space}");
        return library;
    }

    private static nint Kernels()
    {
        Shim.Check(Shim.aoti_torch_library_init_impl(Space, "CompositeImplicitAutograd", nameof(CustomOperator), 1, out nint library),
            $"the namespace {Space}");
        return library;
    }
}
