using System.Runtime.InteropServices;

namespace Vision.Training;

/// <summary>The functions of Open MPI 4 and 5 that are needed, and its handles, which are addresses of exported symbols.</summary>
internal static unsafe partial class Mpi
{
    /// <summary>The library. The number is that of its binary interface, which Open MPI 4 and 5 share.</summary>
    public const string Library = "libmpi.so.40";

    /// <summary>Threads may call MPI, one at a time.</summary>
    public const int Serialized = 2;

    /// <summary>The input is where the output goes.</summary>
    public const nint InPlace = 1;

    private const int LoadNow = 2, LoadGlobal = 0x100;

    private static nint library;

    /// <summary>MPI's datatypes, operation and communicator.</summary>
    public static nint Float { get; private set; }

    /// <inheritdoc cref="Float"/>
    public static nint Double { get; private set; }

    /// <inheritdoc cref="Float"/>
    public static nint Byte { get; private set; }

    /// <inheritdoc cref="Float"/>
    public static nint SumOperation { get; private set; }

    /// <inheritdoc cref="Float"/>
    public static nint World { get; private set; }

    /// <inheritdoc cref="Float"/>
    public static nint ReturnErrors { get; private set; }

    /// <summary>Loads the library.</summary>
    /// <exception cref="InputException">It is missing.</exception>
    public static void Load()
    {
        const string remedy =
            "Install Open MPI on every machine (Debian and Ubuntu: apt-get install openmpi-bin), or start vision without a launcher.";
        if (!OperatingSystem.IsLinux()) throw new InputException($"Several processes train together on Linux only. {remedy}");
        // Open MPI loads its own plug-ins, which look for its symbols among the global ones.
        library = dlopen(Library, LoadNow | LoadGlobal);
        if (library == 0)
            throw new InputException($"A launcher started several processes, but MPI is missing on {Environment.MachineName}: " +
                $"{Marshal.PtrToStringUTF8(dlerror())}. {remedy}");
        Float = Symbol("ompi_mpi_float");
        Double = Symbol("ompi_mpi_double");
        Byte = Symbol("ompi_mpi_byte");
        SumOperation = Symbol("ompi_mpi_op_sum");
        World = Symbol("ompi_mpi_comm_world");
        ReturnErrors = Symbol("ompi_mpi_errors_return");
    }

    /// <summary>Throws if a call failed.</summary>
    public static void Check(int code)
    {
        if (code == 0) return;
        byte* text = stackalloc byte[512];
        int length = 0;
        _ = MPI_Error_string(code, text, &length);
        throw new InvalidOperationException($"MPI failed: {Marshal.PtrToStringUTF8((nint)text, length)}");
    }

    private static nint Symbol(string name) => NativeLibrary.TryGetExport(library, name, out nint address) ? address
        : throw new InputException($"{Library} on {Environment.MachineName} is not Open MPI's: it has no {name}. Install Open MPI 4 or 5.");

    [LibraryImport(Library)]
    public static partial int MPI_Init_thread(nint argc, nint argv, int required, int* provided);

    [LibraryImport(Library)]
    public static partial int MPI_Finalize();

    [LibraryImport(Library)]
    public static partial int MPI_Comm_rank(nint communicator, int* rank);

    [LibraryImport(Library)]
    public static partial int MPI_Comm_size(nint communicator, int* size);

    [LibraryImport(Library)]
    public static partial int MPI_Comm_dup(nint communicator, nint* copy);

    [LibraryImport(Library)]
    public static partial int MPI_Comm_set_errhandler(nint communicator, nint handler);

    [LibraryImport(Library)]
    public static partial int MPI_Iallreduce(void* input, void* output, int count, nint type, nint operation, nint communicator,
        nint* request);

    [LibraryImport(Library)]
    public static partial int MPI_Ibcast(void* buffer, int count, nint type, int root, nint communicator, nint* request);

    [LibraryImport(Library)]
    public static partial int MPI_Iallgatherv(void* input, int count, nint type, void* output, int* counts, int* places, nint outputType,
        nint communicator, nint* request);

    [LibraryImport(Library)]
    public static partial int MPI_Igatherv(void* input, int count, nint type, void* output, int* counts, int* places, nint outputType,
        int root, nint communicator, nint* request);

    [LibraryImport(Library)]
    public static partial int MPI_Test(nint* request, int* done, nint status);

    [LibraryImport(Library)]
    private static partial int MPI_Error_string(int code, byte* text, int* length);

    [LibraryImport("libc.so.6", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint dlopen(string file, int flags);

    [LibraryImport("libc.so.6")]
    private static partial nint dlerror();
}
