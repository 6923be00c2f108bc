using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Vision.Ops.Libtorch;

/// <summary>
/// libtorch's own tracer, which records the operators that a function runs on tensors. The C++ types in its signature are laid out as
/// libstdc++ on x86-64 and libtorch 2.10 have them, so it exists on Linux on x86-64 only.
/// </summary>
internal static unsafe partial class Tracer
{
    private const ulong TensorTag = 1;                                     // of a c10::IValue

    private static readonly Lock tracing = new();  // libtorch's tracing state belongs to a thread, these to the process
    private static Func<Tensor[], Tensor[]>? body;
    private static ExceptionDispatchInfo? failure;

    /// <summary>Whether this system has the tracer.</summary>
    public static bool IsSupported => OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64;

    /// <summary>Runs a function of one tensor and returns its graph as text.</summary>
    public static string Graph(Tensor example, Func<Tensor, Tensor> function) => Graph([example], inputs => [function(inputs[0])]);

    /// <summary>Runs a function and returns its graph as text, in TorchScript's notation.</summary>
    /// <param name="inputs">The inputs. Every tensor that the function uses and that is not among them becomes a constant without a
    /// name.</param>
    /// <param name="function">The function; it gets the inputs as the tracer sees them.</param>
    /// <exception cref="PlatformNotSupportedException">This system lacks the tracer.</exception>
    /// <exception cref="Exception">The exception of the function.</exception>
    public static string Graph(Tensor[] inputs, Func<Tensor[], Tensor[]> function)
    {
        if (!IsSupported) throw new PlatformNotSupportedException("Networks can be traced on Linux on x86-64 only.");
        lock (tracing)
        {
            (body, failure) = (function, null);
            Vector stack = NewStack(inputs), argumentNames = default;
            Function traced = new() { Manager = &Manage, Invoker = (delegate* unmanaged<Vector*, void*, Vector*, void*>)&Invoke };
            Function names = new() { Manager = &Manage, Invoker = (delegate* unmanaged<nint*, void*, void*, void*>)&NoName };
            nint* result = stackalloc nint[5];                             // std::shared_ptr<TracingState> (2), std::vector<IValue> (3)
            Trace(result, &stack, &traced, &names, 1, 0, null, &argumentNames);
            nint graph = *(nint*)(result[0] + 16);                         // behind enable_shared_from_this
            nint* text = stackalloc nint[4];                               // std::string: pointer, length, short text
            GraphToString(text, (void*)graph, 0);
            string written = Marshal.PtrToStringUTF8(text[0], (int)text[1]);
            if (text[0] != (nint)(text + 2)) NativeMemory.Free((void*)text[0]);
            Free(stack);
            Free(*(Vector*)(result + 2));
            Release(result[1]);
            body = null;
            failure?.Throw();
            return written;
        }
    }

    // torch::jit::tracer::trace(Stack, const std::function<Stack(Stack)>&,
    // std::function<std::string(const Tensor&)>, bool, bool, Module*, const std::vector<std::string>&)
    [LibraryImport("torch_cpu", EntryPoint =
        "_ZN5torch3jit6tracer5traceESt6vectorIN3c106IValueESaIS4_EERKSt8functionIFS6_S6_EES7_IFNSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEERKN2at6TensorEEEbbPNS0_6ModuleERKS2_ISH_SaISH_EE")]
    private static partial void Trace(void* result, void* inputs, void* traced, void* names, byte strict, byte outOfPlace, void* self,
        void* argumentNames);

    [LibraryImport("torch_cpu", EntryPoint = "_ZNK5torch3jit5Graph8toStringB5cxx11Eb")]
    private static partial void GraphToString(void* result, void* graph, byte withLocations);

    private struct IValue
    {
        public nint Payload;                                               // a tensor's TensorImpl*
        public ulong Tag;
    }

    private struct Vector
    {
        public IValue* Begin, End, Capacity;
    }

    private struct Function
    {
        public nint Data0, Data1;
        public delegate* unmanaged<void*, void*, int, byte> Manager;
        public void* Invoker;
    }

    private static Vector NewStack(Tensor[] tensors)
    {
        IValue* values = (IValue*)NativeMemory.Alloc((nuint)(sizeof(IValue) * tensors.Length));
        for (int i = 0; i < tensors.Length; i++)
        {
            nint handle = TensorHandle.Share(tensors[i]);
            values[i] = new() { Payload = *(nint*)handle, Tag = TensorTag };
            NativeMemory.Free((void*)handle);                              // the at::Tensor; its reference is the vector's now
        }
        return new() { Begin = values, End = values + tensors.Length, Capacity = values + tensors.Length };
    }

    /// <summary>Destroys a vector of tensors.</summary>
    private static void Free(Vector values)
    {
        Shim.Check(Shim.aoti_torch_new_uninitialized_tensor(out nint none), "an empty tensor");
        for (IValue* value = values.Begin; value < values.End; value++)
            if (value->Tag == TensorTag) Shim.Check(Shim.aoti_torch_assign_tensors(none, (nint)(&value->Payload)), "freeing a tensor");
        Shim.Check(Shim.aoti_torch_delete_tensor_object(none), "freeing a tensor");
        NativeMemory.Free(values.Begin);
    }

    /// <summary>Gives up a std::shared_ptr, given its control block: a vtable, then the numbers of strong and weak owners.</summary>
    private static void Release(nint block)
    {
        nint* table = *(nint**)block;
        int* owners = (int*)(block + sizeof(nint));
        if (Interlocked.Decrement(ref owners[0]) > 0) return;
        ((delegate* unmanaged<nint, void>)table[2])(block);                // _M_dispose: destroys the object
        if (Interlocked.Decrement(ref owners[1]) == 0) ((delegate* unmanaged<nint, void>)table[3])(block);     // _M_destroy
    }

    [UnmanagedCallersOnly]
    private static byte Manage(void* target, void* source, int operation)
    {
        // Operation 2 copies the function; destroying a copy needs nothing.
        if (operation == 2) (((nint*)target)[0], ((nint*)target)[1]) = (((nint*)source)[0], ((nint*)source)[1]);
        return 0;
    }

    [UnmanagedCallersOnly]
    private static void* Invoke(Vector* result, void* data, Vector* stack)
    {
        Tensor[] inputs = [];
        try
        {
            inputs = new Tensor[stack->End - stack->Begin];
            for (int i = 0; i < inputs.Length; i++)
            {
                Shim.Check(Shim.aoti_torch_new_tensor_handle((nint)(&stack->Begin[i].Payload), out nint copy), "a traced argument");
                inputs[i] = TensorHandle.Own(copy);
            }
            *result = NewStack(body!(inputs));
        }
        catch (Exception caught)
        {
            failure = ExceptionDispatchInfo.Capture(caught);
            *result = NewStack(inputs);
        }
        return result;
    }

    [UnmanagedCallersOnly]
    private static void* NoName(nint* result, void* data, void* tensor)
    {
        (result[0], result[1], result[2]) = ((nint)(result + 2), 0, 0);    // an empty std::string
        return result;
    }
}
