using static TorchSharp.torch;

namespace Vision.Ops.Libtorch;

/// <summary>
/// An operator of the project's own, <c>vision::…</c>, whose kernel is C#. libtorch's dispatcher knows it like its own ones: it is called
/// by name, and the tracer records one node of it with its arguments. The kernel stands under <c>CompositeImplicitAutograd</c>: it runs
/// with autograd at work, so that what it calls, a C# autograd function included, has gradients.
/// </summary>
internal sealed unsafe class OwnOperator
{
    private const string Space = "vision";

    // libtorch forgets operators when these are deleted, so they never are.
    private static readonly nint definitions = Definitions(), kernels = Kernels();

    private readonly OperatorSchema schema;
    private readonly Operator call;

    /// <summary>Registers it with libtorch, once a process.</summary>
    /// <param name="schema">Name, arguments and result, without the namespace: <c>nms(Tensor boxes,
    /// Tensor scores, float threshold) -> Tensor</c>.</param>
    /// <param name="kernel">Called for it by libtorch: an <c>[UnmanagedCallersOnly]</c>
    /// method that does nothing but <see cref="Run"/>.</param>
    public OwnOperator(string schema, delegate* unmanaged<ulong*, ulong, ulong, void> kernel)
    {
        this.schema = OperatorSchema.Parse(schema);
        Shim.Check(Shim.aoti_torch_library_def(definitions, schema), $"defining {Space}::{schema}");
        Shim.Check(Shim.torch_library_impl(kernels, this.schema.Name, kernel, Shim.Version), $"implementing {Space}::{schema}");
        call = new Operator($"{Space}::{schema}");
    }

    /// <inheritdoc cref="Operator.Call"/>
    public Tensor Call(params ReadOnlySpan<Argument> arguments) => call.Call(arguments);

    /// <summary>Runs the kernel's body on what libtorch has put on its stack, and leaves the result
    /// there. An exception is carried to <see cref="Call"/>.</summary>
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
        Shim.Check(Shim.aoti_torch_library_init_fragment(Space, nameof(OwnOperator), 1, out nint library), $"the namespace {Space}");
        return library;
    }

    private static nint Kernels()
    {
        Shim.Check(Shim.aoti_torch_library_init_impl(Space, "CompositeImplicitAutograd", nameof(OwnOperator), 1, out nint library),
            $"the namespace {Space}");
        return library;
    }
}
