using Vision.Ops.Libtorch;

namespace Vision.Ops.Tests.Libtorch;

/// <summary>What becomes of the loader's words.</summary>
public sealed class LoadFailureTests
{
    private const string Path = "/app/libLibTorchSharp.so";

    [Theory]
    [InlineData($"/lib/x86_64-linux-gnu/libstdc++.so.6: version `GLIBCXX_3.4.32' not found (required by {Path})",
        "This system's libstdc++ is older than the library requires. Build or publish the program again: on this system that patches the "
        + "library, on another one -p:MendLibTorchSharp=true does.")]
    [InlineData($"/lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.34' not found (required by {Path})",
        "This system is too old: one with GLIBC_2.34 is needed.")]
    [InlineData("libgomp-98b21ff3.so.1: cannot open shared object file: No such file or directory",
        "libgomp-98b21ff3.so.1 has to be in the same folder: build the program again, and copy its folder as a whole.")]
    [InlineData("/app/libtorch_cpu.so: undefined symbol: FLAGS_caffe2_log_level",
        "The libraries beside it have another version: delete them all and build the program again.")]
    [InlineData("/app/libc10.so: file too short", "Delete it and build the program again.")]
    [InlineData($"{Path}: cannot open shared object file: No such file or directory", "Delete it and build the program again.")]
    public void ALoadersReasonHasItsRemedy(string reason, string remedy)
    {
        string message = $"Unable to load shared library '{Path}' or one of its dependencies. Consider this and that: \n{reason}\n";
        Assert.StartsWith($"{Path} cannot be loaded: {reason}. {remedy}", LoadFailure.Explain("LibTorchSharp", Path, message));
    }

    [Fact]
    public void OpenCvsLibraryNeedsPackagesOfTheSystem()
    {
        const string path = "/app/libOpenCvSharpExtern.so";
        const string reason = "libgtk-3.so.0: cannot open shared object file: No such file or directory";
        const string remedy = "Install what OpenCV needs (Debian, Ubuntu: apt-get install libgtk-3-0 libdrm2 libatomic1).";
        Assert.Equal($"{path} cannot be loaded: {reason}. {remedy}",
            LoadFailure.Explain("OpenCvSharpExtern", path, $"Unable to load it: \n{reason}\n"));
    }

    [Fact]
    public void ALibraryThatCannotBeLoadedIsFoundAmongTheCauses()
    {
        NativeLibraryException cause = new("It is gone.");
        Assert.Same(cause, NativeLibraryException.In(cause));
        AggregateException several = new(new IOException(), new TypeInitializationException("T", cause));
        Assert.Same(cause, NativeLibraryException.In(new InvalidOperationException("", several)));
        Assert.Null(NativeLibraryException.In(new InvalidOperationException("", new AggregateException(new IOException()))));
        Assert.Null(NativeLibraryException.In(null));
    }

    [Fact]
    public void ALibraryThatNoProgramHasIsMissing()
    {
        var failure = Assert.Throws<NativeLibraryException>(() => NativeLibraries.Load("NoSuchLibrary", typeof(LoadFailureTests).Assembly));
        string message = failure.Message;
        Assert.StartsWith("There is no ", message);
        Assert.Contains(AppContext.BaseDirectory, message);
    }

    [Fact]
    public void LibtorchLoadsAnyNumberOfTimes()
    {
        for (int i = 0; i < 3; i++) Runtime.EnsureLoaded();
        Assert.Equal(3, TorchSharp.torch.ones(3).sum().item<float>());
    }
}
