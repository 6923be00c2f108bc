using Vision.Ops.Cuda;

namespace Vision.Ops.Tests.Cuda;

public class NvrtcLibraryTests
{
    [Theory]
    [InlineData("libnvrtc-b51b459d.so.12", true), InlineData("libnvrtc.so.12", true), InlineData("libnvrtc.so.13", true)]
    [InlineData("nvrtc64_120_0.dll", true), InlineData("libnvrtc.alt.so.12", false), InlineData("nvrtc64_120_0.alt.dll", false)]
    [InlineData("libnvrtc-builtins.so", false), InlineData("libnvrtc-builtins-0c40.so.12.8", false)]
    [InlineData("nvrtc-builtins64_128.dll", false), InlineData("libcaffe2_nvrtc.so", false), InlineData("caffe2_nvrtc.dll", false)]
    public void ItsNamesAreKnown(string name, bool isCompiler)
    {
        Assert.Equal(isCompiler, NvrtcLibrary.IsCompiler(Path.Combine("somewhere", name)));
        Assert.Equal(name.Contains("builtins"), NvrtcLibrary.IsBuiltins(Path.Combine("somewhere", name)));
    }
}
