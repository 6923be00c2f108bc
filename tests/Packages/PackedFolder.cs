using System.Reflection;
using Vision.Testing;

namespace Vision.Packages.Tests;

/// <summary>A folder with the packages of src, as they were built for these tests, under a version that no one else has.</summary>
public sealed class PackedFolder : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly Lazy<string> packages;

    public PackedFolder() => packages = new(Pack);

    public string Version { get; } = $"0.0.0-test{Guid.NewGuid():N}";

    /// <summary>Where they are; packed at the first call.</summary>
    public string Packages => packages.Value;

    /// <summary>What the build said of this project.</summary>
    public static string Metadata(string key) =>
        typeof(PackedFolder).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;

    public void Dispose() => folder.Dispose();

    private string Pack()
    {
        bool canPack = OperatingSystem.IsLinux() && Metadata("TorchProvider") == "cpu";
        Skip.IfNot(canPack, "Packages are made on Linux, from a build for the CPU.");
        string output = folder["packages"];
        folder.Write("pack.proj", $"""
            <Project>
              <Target Name="Pack">
                <ItemGroup>
                  <Packed Include="{Repository.Root}/src/*/*.csproj" />
                </ItemGroup>
                <MSBuild Projects="@(Packed)" Targets="Pack" />
              </Target>
            </Project>
            """);
        Dotnet.Run(
            folder.Path, [], "msbuild", "pack.proj", "-t:Pack", "-nologo", "-v:q",
            $"-p:Configuration={Metadata("Configuration")}", "-p:NoBuild=true", "-p:IncludeSymbols=false",
            $"-p:PackageVersion={Version}", $"-p:PackageOutputPath={output}", $"-p:NuspecOutputPath={folder["nuspec"]}/");
        return output;
    }
}
