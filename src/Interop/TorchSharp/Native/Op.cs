using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>
/// An operator of libtorch by its schema name, such as <c>aten::add.Tensor</c>: looked up at the first call, then called
/// through libtorch's dispatcher, which adds autograd and picks the device. Arguments left out take the schema's defaults.
/// </summary>
internal sealed unsafe class Op
{
    private const int StackBytes = 1024;

    private readonly string name;
    private nint handle;

    public Op(string name) => this.name = name;

    /// <summary>Calls an operator with one tensor as its result.</summary>
    public Tensor Call(params ReadOnlySpan<Arg> args)
    {
        NativeValue result = default;
        Invoke(args, &result, 1);
        return Wrap(result);
    }

    /// <summary>Calls an operator with two tensors as its results.</summary>
    public (Tensor, Tensor) Call2(params ReadOnlySpan<Arg> args)
    {
        NativeValue* results = stackalloc NativeValue[2];
        Invoke(args, results, 2);
        return (Wrap(results[0]), Wrap(results[1]));
    }

    /// <summary>Calls an operator with three tensors as its results.</summary>
    public (Tensor, Tensor, Tensor) Call3(params ReadOnlySpan<Arg> args)
    {
        NativeValue* results = stackalloc NativeValue[3];
        Invoke(args, results, 3);
        return (Wrap(results[0]), Wrap(results[1]), Wrap(results[2]));
    }

    /// <summary>Calls an operator whose result is a list of tensors.</summary>
    public Tensor[] CallList(params ReadOnlySpan<Arg> args)
    {
        NativeValue result = default;
        Invoke(args, &result, 1);
        if (result.Tag != Tag.TensorList) throw new InvalidOperationException($"{name} returned {result.Tag}, not a list of tensors.");
        var items = (NativeValue*)result.Payload;
        var tensors = new Tensor[result.Length];
        for (int i = 0; i < tensors.Length; i++) tensors[i] = Wrap(items[i]);
        Libtorch.vt_free((nint)result.Payload);
        return tensors;
    }

    /// <summary>Calls an operator for what it does: an in-place one, or one without results.</summary>
    public void Run(params ReadOnlySpan<Arg> args) => Invoke(args, null, 0);

    /// <summary>Calls an operator whose result is an integer.</summary>
    public long CallInt(params ReadOnlySpan<Arg> args)
    {
        NativeValue result = default;
        Invoke(args, &result, 1);
        return result.Payload;
    }

    /// <summary>Calls an operator whose result is a float.</summary>
    public double CallDouble(params ReadOnlySpan<Arg> args) => BitConverter.Int64BitsToDouble(CallInt(args));

    /// <summary>Calls an operator whose result is a bool.</summary>
    public bool CallBool(params ReadOnlySpan<Arg> args) => CallInt(args) != 0;

    /// <summary>Calls an operator whose result is a number (a Scalar in C++).</summary>
    public Scalar CallScalar(params ReadOnlySpan<Arg> args)
    {
        NativeValue result = default;
        Invoke(args, &result, 1);
        return Scalar.FromNative(result);
    }

    private static Tensor Wrap(in NativeValue value) => new((nint)value.Payload, value.Length);

    // The caller's span of arguments lies on its stack and keeps their tensors alive through the call.
    [SkipLocalsInit]
    private void Invoke(ReadOnlySpan<Arg> args, NativeValue* results, int capacity)
    {
        if (handle == 0) handle = Find();
        NativeValue* values = stackalloc NativeValue[args.Length];
        int listBytes = 0;
        for (int i = 0; i < args.Length; i++)
        {
            values[i].Tag = args[i].Tag;
            values[i].Payload = args[i].Bits;
            if (args[i].Tag is >= Tag.String and <= Tag.TensorList) listBytes += BytesOf(args[i].Reference!);
        }

        byte* lists = null;
        if (listBytes > 0)
        {
            byte* fromStack = stackalloc byte[StackBytes];
            lists = listBytes <= StackBytes ? fromStack : (byte*)NativeMemory.Alloc((nuint)listBytes);
        }
        try
        {
            byte* next = lists;
            for (int i = 0; i < args.Length; i++)
                if (args[i].Tag is >= Tag.String and <= Tag.TensorList) next = CopyList(args[i].Reference!, ref values[i], next);
            Libtorch.Checked(Libtorch.vt_operator_call(handle, values, args.Length, results, capacity));
        }
        finally
        {
            if (listBytes > StackBytes) NativeMemory.Free(lists);
        }
    }

    private nint Find()
    {
        int dot = name.IndexOf('.', StringComparison.Ordinal);
        return Libtorch.Checked(dot < 0 ? Libtorch.vt_operator_find(name, "") : Libtorch.vt_operator_find(name[..dot], name[(dot + 1)..]));
    }

    // Rounded up to 8, so that every list starts aligned.
    private static int BytesOf(object list) => list switch
    {
        string text => (Encoding.UTF8.GetByteCount(text) + 7) & ~7,
        bool[] flags => (flags.Length + 7) & ~7,
        Array items => items.Length * 8,
        _ => throw new InvalidOperationException($"An operator takes no {list.GetType()}."),
    };

    private static byte* CopyList(object list, ref NativeValue value, byte* to)
    {
        value.Payload = (long)to;
        switch (list)
        {
            case string text:
                value.Length = Encoding.UTF8.GetBytes(text, new Span<byte>(to, BytesOf(text)));
                break;
            case long[] numbers:
                value.Length = numbers.Length;
                numbers.CopyTo(new Span<long>(to, numbers.Length));
                break;
            case double[] numbers:
                value.Length = numbers.Length;
                numbers.CopyTo(new Span<double>(to, numbers.Length));
                break;
            case bool[] flags:
                value.Length = flags.Length;
                flags.CopyTo(new Span<bool>(to, flags.Length));
                break;
            case Tensor?[] tensors:
                value.Length = tensors.Length;
                for (int i = 0; i < tensors.Length; i++) ((nint*)to)[i] = tensors[i]?.Handle ?? 0;
                break;
        }
        return to + BytesOf(list);
    }
}
