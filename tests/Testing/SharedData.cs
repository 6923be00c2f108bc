using Xunit;

namespace Vision.Testing;

/// <summary>The data for tests that is no part of the repository: the folder "shared"
/// beside it, or the one that VISION_SHARED names.</summary>
public static class SharedData
{
    private static readonly string root =
        Environment.GetEnvironmentVariable("VISION_SHARED") ?? Path.GetFullPath(Path.Combine(Repository.Root, "..", "shared"));

    /// <summary>The path of a file or folder in it, such as "data/bccd".</summary>
    /// <exception cref="SkipException">It is not there, and CI is not "true".</exception>
    public static string Find(string name)
    {
        string path = Path.Combine(root, name);
        Requirement.Check(Path.Exists(path),
            $"There is no {path}: put the test data beside the repository, or name its folder in VISION_SHARED.");
        return path;
    }
}
