using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Vision.Ops.Libtorch;
using static TorchSharp.torch;

namespace Vision.Ops.Tests.Libtorch;

/// <summary>libtorch's own tracer, for one tensor in and one out: std::vector, std::function and c10::IValue laid
/// out as libstdc++ on x86-64 and libtorch 2.10 have them.</summary>
internal static unsafe partial class Tracer
{
    private static Func<Tensor, Tensor>? body;
    private static ExceptionDispatchInfo? failure;

    /// <summary>The graph of a function as text.</summary>
    public static string Graph(Tensor example, Func<Tensor, Tensor> function)
    {
        (body, failure) = (function, null);
        Vector inputs = NewStack(example), argumentNames = default;
        Function traced = new() { Manager = &Manage, Invoker = (delegate* unmanaged<Vector*, void*, Vector*, void*>)&Invoke };
        Function names = new() { Manager = &Manage, Invoker = (delegate* unmanaged<nint*, void*, void*, void*>)&NoName };
        nint* result = stackalloc nint[5];                                 // std::shared_ptr<TracingState> (2), std::vector<IValue> (3)
        Trace(result, &inputs, &traced, &names, 1, 0, null, &argumentNames);
        failure?.Throw();
        nint graph = *(nint*)(result[0] + 16);                             // behind enable_shared_from_this
        nint* text = stackalloc nint[4];
        GraphToString(text, (void*)graph, 0);
        return Marshal.PtrToStringUTF8(text[0], (int)text[1]);
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
        public nint Payload;
        public ulong Tag;                                                  // 1: a tensor, whose TensorImpl* is the payload
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

    private static Vector NewStack(Tensor tensor)
    {
        IValue* value = (IValue*)NativeMemory.Alloc((nuint)sizeof(IValue));
        *value = new() { Payload = *(nint*)TensorHandle.Share(tensor), Tag = 1 };
        return new() { Begin = value, End = value + 1, Capacity = value + 1 };
    }

    [UnmanagedCallersOnly]
    private static byte Manage(void* target, void* source, int operation)
    {
        // a copy is made; ending one is nothing
        if (operation == 2) (((nint*)target)[0], ((nint*)target)[1]) = (((nint*)source)[0], ((nint*)source)[1]);
        return 0;
    }

    [UnmanagedCallersOnly]
    private static void* Invoke(Vector* result, void* data, Vector* stack)
    {
        nint argument = (nint)(&stack->Begin[0].Payload);
        Shim.Check(Shim.aoti_torch_new_tensor_handle(argument, out nint copy), "the traced argument");
        Tensor input = TensorHandle.Own(copy);
        try
        {
            *result = NewStack(body!(input));
        }
        catch (Exception caught)
        {
            failure = ExceptionDispatchInfo.Capture(caught);
            *result = NewStack(input);
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
