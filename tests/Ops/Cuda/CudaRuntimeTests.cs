using Vision.Ops.Cuda;
using Vision.Ops.Libtorch;
using static TorchSharp.torch;

namespace Vision.Ops.Tests.Cuda;

public class CudaRuntimeTests
{
    [Fact]
    public void RoiAlignPassesWhatItsKernelsRead()
    {
        using var scope = NewDisposeScope();
        using FakeCuda cuda = new();
        Tensor features = randn(2, 3, 8, 9), rois = zeros(5, 5);
        Tensor pooled = RoiAlignCuda.Forward(features, rois, 7, 6, 0.25, 2, true);
        FakeCuda.Launch forward = Assert.Single(cuda.Launches);
        Assert.Equal(("roi_align", new Grid(3, 1, 256)), (forward.Kernel, forward.Grid));
        Assert.Equal((FakeCuda.Stream, false, false), (forward.Stream, forward.IsDouble, forward.IsWide));
        Equal(
            forward, ("count", 630L), ("features", Pointer(features)), ("regions", Pointer(rois)), ("scale", 0.25),
            ("shape", new long[] { 2, 3, 8, 9, 7, 6, 2, 1 }), ("pooled", Pointer(pooled)));

        Tensor gradient = randn([5, 3, 7, 6], float64), regions = rois.to(float64);
        Tensor result = RoiAlignCuda.Backward(gradient, regions, 7, 6, 1.0 / 3, 0, false, [2, 3, 8, 9], false);
        FakeCuda.Launch backward = cuda.Launches[1];
        Assert.Equal(("roi_align_backward", new Grid(3, 1, 256), true), (backward.Kernel, backward.Grid, backward.IsDouble));
        Equal(
            backward, ("count", 630L), ("gradient", Pointer(gradient)), ("regions", Pointer(regions)), ("scale", 1.0 / 3),
            ("shape", new long[] { 2, 3, 8, 9, 7, 6, 0, 0 }), ("featureGradient", Pointer(result)));
        Assert.Equal(0, cuda.Contexts);
    }

    [Fact]
    public void NmsPassesWhatItsKernelsRead()
    {
        using var scope = NewDisposeScope();
        using FakeCuda cuda = new();
        NmsCuda.Keep(rand(130, 4), rand(130), zeros(130, int64), 0.7);
        Assert.Equal(["nms_overlaps", "nms_choice"], cuda.Launches.Select(launch => launch.Kernel));
        Dictionary<string, object> overlaps = cuda.Launches[0].Arguments, choice = cuda.Launches[1].Arguments;
        Assert.Equal(new Grid(3, 3, 64), cuda.Launches[0].Grid);
        Assert.Equal(new Grid(1, 1, 512), cuda.Launches[1].Grid);
        Assert.Equal((130L, 3L), (overlaps["count"], overlaps["words"]));
        // 0.7f lies below 0.7 already.
        Assert.Equal((double)0.7f, overlaps["threshold"]);
        Assert.NotEqual((nint)0, overlaps["classes"]);
        Assert.Equal((130L, 3L, overlaps["matrix"]), (choice["count"], choice["words"], choice["matrix"]));

        // 0.3f lies above 0.3.
        NmsCuda.Keep(rand(3, 4), rand(3), null, 0.3);
        overlaps = cuda.Launches[2].Arguments;
        Assert.Equal(((double)MathF.BitDecrement(0.3f), (nint)0), (overlaps["threshold"], overlaps["classes"]));
        Assert.Equal(new Grid(1, 1, 64), cuda.Launches[2].Grid);
    }

    [Fact]
    public void DeformConvPassesWhatItsKernelsRead()
    {
        using var scope = NewDisposeScope();
        using FakeCuda cuda = new();
        // A kernel of 3×2 in two groups, with stride 2, padding 1, dilation 2
        Tensor input = randn(2, 20, 11, 9), offset = zeros(2, 24, 5, 4), mask = ones(2, 12, 5, 4);
        long[] shape = [20, 11, 9, 3, 2, 2, 1, 2, 2, 5, 4];
        Tensor columns = DeformConvCuda.Columns(input, offset, mask, 3, 2, 2, 1, 2);
        Assert.Equal([2, 120, 20], columns.shape);
        // 2 images, 2 groups, 6 places, 20 outputs; ten channels of a group in two parts
        Assert.Equal(new Grid(4, 1, 256), cuda.Launches[0].Grid);
        Equal(
            cuda.Launches[0], ("count", 960L), ("samples", 480L), ("channelsPerPart", 8L), ("input", Pointer(input)),
            ("offset", Pointer(offset)), ("mask", Pointer(mask)), ("g", shape), ("columns", Pointer(columns)));

        var gradients = DeformConvCuda.ColumnsBackward(columns, input, offset, null, 3, 2, 2, 1, 2);
        Assert.Null(gradients.Mask);
        FakeCuda.Launch toInput = cuda.Launches[1], toOffset = cuda.Launches[2];
        Assert.Equal(("deform_columns_backward_input", new Grid(4, 1, 256)), (toInput.Kernel, toInput.Grid));
        Equal(
            toInput, ("count", 960L), ("samples", 480L), ("channelsPerPart", 8L), ("gradient", Pointer(columns)),
            ("offset", Pointer(offset)), ("mask", (nint)0), ("g", shape), ("inputGradient", Pointer(gradients.Input)));
        Assert.Equal(("deform_columns_backward_offset", new Grid(2, 1, 256)), (toOffset.Kernel, toOffset.Grid));
        Equal(
            toOffset, ("samples", 480L), ("gradient", Pointer(columns)), ("input", Pointer(input)), ("offset", Pointer(offset)),
            ("mask", (nint)0), ("g", shape), ("offsetGradient", Pointer(gradients.Offset)), ("maskGradient", (nint)0));
    }

    [Fact]
    public void NothingIsLaunchedForNothing()
    {
        using var scope = NewDisposeScope();
        using FakeCuda cuda = new();
        Assert.Equal([0, 4, 7, 7], RoiAlignCuda.Forward(randn(1, 4, 8, 8), zeros(0, 5), 7, 7, 1, 2, false).shape);
        Assert.Equal([3, 4, 7, 7], RoiAlignCuda.Forward(randn(1, 4, 0, 8), zeros(3, 5), 7, 7, 1, 2, false).shape);
        Tensor gradient = RoiAlignCuda.Backward(randn(0, 4, 7, 7), zeros(0, 5), 7, 7, 1, 2, false, [1, 4, 8, 8], true);
        Assert.Equal(0, gradient.abs().sum().item<float>());
        Assert.Equal([0], NmsCuda.Keep(zeros(0, 4), zeros(0), null, 0.5).shape);
        Assert.Equal([0, 18, 20], DeformConvCuda.Columns(zeros(0, 2, 4, 5), zeros(0, 18, 4, 5), null, 3, 3, 1, 1, 1).shape);
        Assert.Empty(cuda.Launches);
    }

    [Theory]
    [InlineData(1L, 1u)]
    [InlineData(256L, 1u)]
    [InlineData(257L, 2u)]
    [InlineData(65535L * 256, 65535u)]
    [InlineData(1L << 33, 65535u)]
    public void AGridHasAThreadForEachElementOrTheMostThatThereMayBe(long count, uint blocks) =>
        Assert.Equal(new Grid(blocks, 1, 256), Grid.Over(count));

    [Fact]
    public void PlacesAreWideWhereALoopWouldOverflow()
    {
        long most = int.MaxValue - 65535L * 256;
        Assert.False(KernelSource.For("", float32, most).IsWide);
        Assert.True(KernelSource.For("", float32, most + 1).IsWide);
        using FakeCuda cuda = new();
        Tensor? none = null;
        Assert.Throws<OverflowException>(() => Choose(false));
        Choose(true);
        Assert.Equal(1L << 31, Assert.Single(cuda.Launches).Arguments["count"]);

        void Choose(bool isWide) =>
            CudaKernels.Runtime.Launch(new("Nms.cu", false, isWide), "nms_choice", CPU, new(1, 1, 1), 1L << 31, 1L, none, none, none);
    }

    [Fact]
    public void AKernelIsCompiledOncePerTypeAndProcessAndThenReadFromTheCache()
    {
        using var scope = NewDisposeScope();
        using FakeCuda cuda = new();
        Run();
        Run();
        Assert.Equal(["works.cu", "RoiAlign.cu", "RoiAlign.cu"], cuda.Compiled);
        Assert.Equal(
            ["--gpu-architecture=sm_90", "--std=c++17", "--fmad=false", "-DVISION_REAL=float", "-DVISION_INDEX=int"], cuda.CompiledWith[1]);
        cuda.Restart();
        Run();
        Assert.Equal(["works.cu", "RoiAlign.cu", "RoiAlign.cu", "works.cu"], cuda.Compiled);

        // Another GPU is another kernel; a newer one than NVRTC knows gets what the driver translates.
        cuda.ComputeCapability = 103;
        cuda.Restart();
        Run();
        Assert.Equal(7, cuda.Compiled.Count);
        Assert.Equal("--gpu-architecture=compute_90", cuda.CompiledWith[^1][0]);

        foreach (string file in Directory.GetFiles(cuda.CacheFolder)) File.WriteAllBytes(file, File.ReadAllBytes(file)[..^1]);
        cuda.Restart();
        Run();
        Assert.Equal(10, cuda.Compiled.Count);
        Assert.Equal(10, cuda.Launches.Count);
        Assert.Equal(4, Directory.GetFiles(cuda.CacheFolder).Length);
        Assert.Equal(0, cuda.Programs);

        void Run()
        {
            foreach (ScalarType type in (ScalarType[])[float32, float64])
                RoiAlignCuda.Forward(randn([1, 1, 4, 4], type), zeros(1, 5), 2, 2, 1, 2, false);
        }
    }

    [Fact]
    public void AGpuThatNvrtcNoLongerKnowsIsNamed()
    {
        using FakeCuda cuda = new() { ComputeCapability = 61 };
        Assert.Contains("compute capability 6.1", Assert.Throws<InvalidOperationException>(Pool).Message);
    }

    [Theory]
    [InlineData("cuDeviceGet"), InlineData("cuDeviceGetAttribute"), InlineData("cuDevicePrimaryCtxRetain"), InlineData("cuCtxPushCurrent")]
    [InlineData("cuModuleLoadData"), InlineData("cuModuleGetFunction"), InlineData("cuLaunchKernel"), InlineData("cuCtxPopCurrent")]
    public void WhatTheDriverSaysIsPassedOn(string function)
    {
        using FakeCuda cuda = new();
        cuda.Failing.Add(function);
        string message = Assert.Throws<InvalidOperationException>(Pool).Message;
        Assert.Contains("CUDA_ERROR_ILLEGAL_ADDRESS, an illegal memory access was encountered", message);
        cuda.Failing.Clear();
        Pool();
    }

    [Fact]
    public void WhatTheCompilerSaysIsPassedOn()
    {
        using FakeCuda cuda = new();
        cuda.Failing.Add("nvrtcCompileProgram");
        string message = Assert.Throws<InvalidOperationException>(Pool).Message;
        Assert.Contains("RoiAlign.cu: NVRTC_ERROR_COMPILATION\nRoiAlign.cu(3): error: expected a declaration", message);
        Assert.Equal((0, 0), (cuda.Programs, cuda.Contexts));
        Assert.Empty(Directory.GetFiles(cuda.CacheFolder));

        // One that compiles nothing at all is none.
        Assert.Throws<InvalidOperationException>(cuda.Restart);
        cuda.Failing.Clear();
        Pool();
    }

    [Fact]
    public void WithoutAStreamNothingIsLaunched()
    {
        using FakeCuda cuda = new();
        cuda.Failing.Add("aoti_torch_get_current_cuda_stream");
        Assert.Contains("stream", Assert.Throws<InvalidOperationException>(Pool).Message);
        Assert.Empty(cuda.Launches);
        Assert.Equal(0, cuda.Contexts);
    }

    [Fact]
    public void OnTheseCpuPackagesThereAreNone()
    {
        if (cuda.is_available()) return;
        Assert.False(CudaKernels.AreAvailable);
        Assert.Contains("no CUDA", Assert.Throws<InvalidOperationException>(() => CudaKernels.Runtime).Message);

        TextWriter standardError = Console.Error;
        using StringWriter said = new();
        Console.SetError(said);
        try
        {
            CudaKernels.SayWhyNot();
            CudaKernels.SayWhyNot();
        }
        finally
        {
            Console.SetError(standardError);
        }
        // Not a second time, and not a first one either if another test had it said.
        Assert.InRange(said.ToString().Split("no CUDA").Length, 1, 2);
    }

    private static nint Pointer(Tensor tensor) => TensorMemory.DevicePointer(tensor);

    private static void Pool()
    {
        using var scope = NewDisposeScope();
        RoiAlignCuda.Forward(randn(1, 1, 4, 4), zeros(1, 5), 2, 2, 1, 2, false);
    }

    private static void Equal(FakeCuda.Launch launch, params (string Name, object Value)[] expected)
    {
        Assert.Equal(expected.Select(argument => argument.Name), launch.Arguments.Keys);
        foreach (var (name, value) in expected) Assert.Equal(value, launch.Arguments[name]);
    }
}
