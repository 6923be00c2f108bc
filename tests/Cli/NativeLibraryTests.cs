using System.Text;
using Vision.Testing;

namespace Vision.Cli.Tests;

/// <summary>Copies of the command line with a native library that cannot be loaded: one line says why, and what to do.</summary>
public sealed class NativeLibraryTests : IDisposable
{
    private readonly TempFolder program = new();

    public NativeLibraryTests()
    {
        if (!OperatingSystem.IsLinux()) return;
        // The host follows a link from the program to where it lies, so only the libraries, which are large, are links.
        foreach (string file in Directory.GetFiles(AppContext.BaseDirectory))
            if (file.Contains(".so")) File.CreateSymbolicLink(program[Path.GetFileName(file)], file);
            else File.Copy(file, program[Path.GetFileName(file)]);
    }

    [SkippableFact]
    public void AWholeCopyRuns() => Run("summary", "resnet20_cifar").Succeeded();

    [SkippableTheory]
    [InlineData("libLibTorchSharp.so")]
    [InlineData("libtorch_cpu.so")]
    [InlineData("libc10.so")]
    public void ALibraryOfLibtorchThatIsCutShort(string name)
    {
        string path = Replace(name, whole => whole[..(whole.Length / 2)]);
        string line = MistakeOf(Run("summary", "resnet20_cifar"));
        long length = new FileInfo(path).Length;
        Assert.StartsWith($"vision: {path} cannot be loaded: it is truncated ({length} bytes; its headers require at least ", line);
        Assert.EndsWith("). Delete it and build the program again.", line);
    }

    [SkippableFact]
    public void ALibraryThatIsNone()
    {
        string path = Replace("libLibTorchSharp.so", _ => Encoding.ASCII.GetBytes(new string('x', 1000)));
        Run("summary", "resnet20_cifar").FailedWith(
            $"{path} cannot be loaded: {path}: invalid ELF header. Delete it and build the program again.");
    }

    [SkippableFact]
    public void ALibraryThatIsNotThere()
    {
        Run("summary", "resnet20_cifar");                             // skips where it has to
        File.Delete(program["libLibTorchSharp.so"]);
        Run("summary", "resnet20_cifar").FailedWith(
            $"There is no libLibTorchSharp.so for linux-x64 in {program.Path}/. Build the program again, with "
            + "the package TorchSharp-cpu, TorchSharp-cuda-linux or TorchSharp-cuda-windows, if that has one for this system.");
        Assert.False(Directory.Exists(program["cpu"]), "TorchSharp copied its libraries.");
    }

    [SkippableFact]
    public void ALibraryThatItsNeighborNeedsIsNotThere()
    {
        string path = Replace("libLibTorchSharp.so", whole => Renamed(whole, "libc10.so", "libc99.so"));
        Run("summary", "resnet20_cifar").FailedWith(
            $"{path} cannot be loaded: libc99.so: cannot open shared object file: No such file or directory. "
            + "libc99.so has to be in the same folder: build the program again, and copy its folder as a whole.");
    }

    [SkippableFact]
    public void ALibraryThatOpenCvNeedsIsNotInstalled()
    {
        string path = Replace("libOpenCvSharpExtern.so", whole => Renamed(whole, "libgtk-3.so.0", "libgtk-9.so.0"));
        Run("summary", "resnet20_cifar").Succeeded();                 // which needs no OpenCV
        Run("data", "check", "--data", SharedData.Find("data/bccd")).FailedWith(
            $"{path} cannot be loaded: libgtk-9.so.0: cannot open shared object file: No such file or directory. "
            + "Install what OpenCV needs (Debian, Ubuntu: apt-get install libgtk-3-0 libdrm2 libatomic1).");
    }

    [SkippableFact]
    public void OnnxRuntimeIsCutShortOrNotThere()
    {
        using TempFolder folder = new();
        string file = folder.Write("some.onnx", [1, 2, 3]);
        string path = Replace("libonnxruntime.so", whole => whole[..(whole.Length / 2)]);
        Run("summary", "resnet20_cifar").Succeeded();                 // which needs no ONNX Runtime
        string line = MistakeOf(Run("bench", file));
        Assert.StartsWith($"vision: {path} cannot be loaded: it is truncated (", line);
        File.Delete(path);
        Run("bench", file).FailedWith(
            $"There is no libonnxruntime.so for linux-x64 in {program.Path}/. Build the program again, with the package "
            + "Microsoft.ML.OnnxRuntime, Microsoft.ML.OnnxRuntime.Gpu.Linux or Microsoft.ML.OnnxRuntime.Gpu.Windows, if that has one for "
            + "this system.");
    }

    public void Dispose() => program.Dispose();

    private Tool.Result Run(params string[] arguments)
    {
        if (!OperatingSystem.IsLinux()) throw new SkipException("The loader's words are those of Linux.");
        return Tool.RunCopy(program.Path, arguments);
    }

    private string Replace(string name, Func<byte[], byte[]> change)
    {
        if (!OperatingSystem.IsLinux()) throw new SkipException("The libraries' names are those of Linux.");
        string path = program[name];
        byte[] changed = change(File.ReadAllBytes(path));
        File.Delete(path);
        File.WriteAllBytes(path, changed);
        return path;
    }

    // With another name, of the same length, of a library that it needs.
    private static byte[] Renamed(byte[] library, string name, string other)
    {
        int at = library.AsSpan().IndexOf(Encoding.ASCII.GetBytes($"\0{name}\0")) + 1;
        Encoding.ASCII.GetBytes(other, library.AsSpan(at));
        return library;
    }

    private static string MistakeOf(Tool.Result result)
    {
        Assert.True(result.ExitCode == 2, $"Exit code {result.ExitCode}:\n{result.Errors}\n{result.Output}");
        return Assert.Single(result.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}
