using Vision.Ops.Cuda;
using Vision.Testing;

namespace Vision.Ops.Tests.Cuda;

public class KernelCacheTests
{
    [Fact]
    public void TheSamePartsGiveTheSameCodeAndOthersAnother()
    {
        using TempFolder folder = new();
        KernelCache cache = new(folder["new/kernels"]);
        Assert.Equal([1, 2, 3], cache.Get(["a", "bc"], () => [1, 2, 3]));
        KernelCache another = new(folder["new/kernels"]);
        Assert.Equal([1, 2, 3], another.Get(["a", "bc"], () => throw new InvalidOperationException("It is there.")));
        Assert.Equal([4], cache.Get(["ab", "c"], () => [4]));
        Assert.Equal(2, Directory.GetFiles(folder["new/kernels"]).Length);
    }

    [Theory, InlineData(0), InlineData(31), InlineData(32), InlineData(34)]
    public void AFileThatWasCutIsMadeAnew(int length)
    {
        using TempFolder folder = new();
        KernelCache cache = new(folder.Path);
        cache.Get(["a"], () => [1, 2, 3]);
        string file = Assert.Single(Directory.GetFiles(folder.Path));
        byte[] whole = File.ReadAllBytes(file);
        File.WriteAllBytes(file, whole[..length]);
        Assert.Equal([1, 2, 3], cache.Get(["a"], () => [1, 2, 3]));
        Assert.Equal(whole, File.ReadAllBytes(file));
    }

    [Fact]
    public void WhereNothingCanBeKeptTheWorkGoesOn()
    {
        using TempFolder folder = new();
        KernelCache cache = new(Path.Combine(folder.Write("file", "not a folder"), "kernels"));
        Assert.Equal([7], cache.Get(["a"], () => [7]));
        Assert.Equal([7], cache.Get(["a"], () => [7]));
    }

    [Fact]
    public void ItsFolderIsBesideThePublishedWeights()
    {
        Assert.EndsWith(Path.Combine(".cache", "vision", "kernels"), KernelCache.DefaultFolder);
        Environment.SetEnvironmentVariable("VISION_CACHE", "elsewhere");
        try
        {
            Assert.Equal(Path.Combine("elsewhere", "kernels"), KernelCache.DefaultFolder);
        }
        finally
        {
            Environment.SetEnvironmentVariable("VISION_CACHE", null);
        }
    }
}
