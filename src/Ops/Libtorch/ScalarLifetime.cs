using System.Runtime.InteropServices;
using TorchSharp;

namespace Vision.Ops.Libtorch;

/// <summary>
/// Keeps the native half of TorchSharp's <see cref="Scalar"/> for a while after it was freed. In calls such as <c>x * 0.5</c>, TorchSharp
/// reads the handle of a scalar that nothing refers to any more: a garbage collection at that moment, begun by any thread, lets the
/// finalizer free it while libtorch still reads it. The call then throws ("Unknown scalar type") or computes with another number. It is
/// rare, but a training of days makes billions of such calls.
/// </summary>
/// <remarks>On Linux on x86-64 only, and only for the build of TorchSharp that is known: elsewhere nothing changes.</remarks>
internal static unsafe partial class ScalarLifetime
{
    // The last ones that were freed wait here, 3 MB in all. A collection finalizes in order of allocation: a scalar that is in use was made
    // last and is finalized last.
    private const int Waiting = 1 << 16;

    private static readonly nint[] waiting = new nint[Waiting];
    private static uint count;

    /// <summary>Whether freed scalars wait.</summary>
    public static bool IsExtended { get; private set; }

    // THSTorch_dispose_scalar begins with these: a test for null and one of the type. It has room for the jump that replaces them.
    private static ReadOnlySpan<byte> Known => [0x48, 0x85, 0xFF, 0x74, 0x2D, 0x8B, 0x07, 0x83, 0xC0, 0xFB, 0x83, 0xF8];

    /// <summary>Lets freed scalars wait from now on.</summary>
    /// <param name="libTorchSharp">The loaded library.</param>
    public static void Extend(nint libTorchSharp)
    {
        if (IsExtended || !Tracer.IsSupported) return;
        if (!NativeLibrary.TryGetExport(libTorchSharp, "THSTorch_dispose_scalar", out nint function)) return;
        if (!Known.SequenceEqual(new ReadOnlySpan<byte>((void*)function, Known.Length))) return;
        delegate* unmanaged<nint, void> wait = &Wait;
        Span<byte> jump = [0x48, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xE0];              // mov rax, address; jmp rax
        MemoryMarshal.Write(jump[2..], (nint)wait);
        Free(0);                                                                         // loaded before it is needed
        GC.WaitForPendingFinalizers();                                                   // nobody is in the function
        IsExtended = Overwrite(function, jump);
    }

    [UnmanagedCallersOnly]
    private static void Wait(nint scalar)
    {
        if (scalar == 0) return;
        uint place = Interlocked.Increment(ref count) % Waiting;
        nint oldest = Interlocked.Exchange(ref waiting[place], scalar);
        if (oldest != 0) Free(oldest);
    }

    private static bool Overwrite(nint function, ReadOnlySpan<byte> code)
    {
        const int read = 1, write = 2, execute = 4;
        nint page = function & ~(nint)(Environment.SystemPageSize - 1);
        nuint length = (nuint)(function + code.Length - page);
        if (mprotect(page, length, read | write | execute) != 0) return false;           // a system that forbids it
        code.CopyTo(new((void*)function, code.Length));
        _ = mprotect(page, length, read | execute);
        return true;
    }

    // void operator delete(void*): a number needs no destructor
    [LibraryImport("libstdc++.so.6", EntryPoint = "_ZdlPv")]
    private static partial void Free(nint memory);

    [LibraryImport("libc.so.6")]
    private static partial int mprotect(nint address, nuint length, int protection);
}
