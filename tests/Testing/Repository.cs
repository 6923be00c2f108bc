namespace Vision.Testing;

/// <summary>Where the checkout that these tests were built from lies.</summary>
public static class Repository
{
    /// <summary>The folder that holds Vision.sln.</summary>
    public static string Root { get; } = FindRoot();

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Vision.sln"))) return folder.FullName;
        throw new DirectoryNotFoundException(
            $"No folder above {AppContext.BaseDirectory} holds Vision.sln: run the tests from a checkout.");
    }
}
