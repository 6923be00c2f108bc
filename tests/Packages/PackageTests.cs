using System.IO.Compression;
using System.Xml.Linq;
using Vision.Testing;

namespace Vision.Packages.Tests;

/// <summary>The packages as someone gets them who has no checkout: what is in them, and a program that refers to one of them.</summary>
public sealed class PackageTests : IClassFixture<PackedFolder>
{
    private readonly PackedFolder packed;

    public PackageTests(PackedFolder packed) => this.packed = packed;

    [SkippableFact]
    public void EveryProjectIsAPackageThatSaysWhatItIs()
    {
        string[] files = Directory.GetFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories);
        string[] projects = [.. files.Select(file => Path.GetFileNameWithoutExtension(file)).Order()];
        string[] packages = [.. Directory.GetFiles(packed.Packages).Select(file => Path.GetFileName(file)).Order()];
        Assert.Equal(projects.Select(name => $"{name}.{packed.Version}.nupkg"), packages);
        foreach (string name in projects)
        {
            using ZipArchive package = ZipFile.OpenRead(Path.Combine(packed.Packages, $"{name}.{packed.Version}.nupkg"));
            string[] contents = [.. package.Entries.Select(entry => entry.FullName)];
            foreach (string file in new[] { "README.md", "icon.png", $"lib/net10.0/{name}.dll", $"lib/net10.0/{name}.xml" })
                Assert.Contains(file, contents);

            using Stream nuspec = package.GetEntry($"{name}.nuspec")!.Open();
            XElement metadata = XElement.Load(nuspec).Elements().First();
            string Value(string element) => metadata.Elements().Single(child => child.Name.LocalName == element).Value;
            Assert.Equal("MIT", Value("license"));
            Assert.EndsWith(".", Value("description"));
            foreach (string element in new[] { "authors", "tags", "readme", "icon" }) Assert.NotEqual("", Value(element));
        }
    }

    [SkippableFact]
    public void AProgramThatRefersToTrainingAloneTrainsAndPredicts()
    {
        using TempFolder program = new();
        foreach (string file in Directory.GetFiles(Path.Combine(Repository.Root, "tests/Packages/Program")))
            program.Write(Path.GetFileName(file), File.ReadAllBytes(file));
        // What the user's folder of packages has is taken from there; only ours are unpacked, into a folder that goes away.
        program.Write("nuget.config", $"""
            <configuration>
              <packageSources>
                <add key="packed" value="{packed.Packages}" />
              </packageSources>
              <fallbackPackageFolders>
                <add key="user" value="{PackedFolder.Metadata("NuGetPackageRoot")}" />
              </fallbackPackageFolders>
            </configuration>
            """);
        (string, string)[] environment = [("NUGET_PACKAGES", program["nuget"]), ("VisionVersion", packed.Version)];
        string output = Dotnet.Run(program.Path, environment, "run", "-c", "Release");

        Assert.Contains("trained on 4 images, AP ", output);
        Assert.Contains("the first a square", output);
        Assert.True(File.Exists(program["runs/fasterrcnn_resnet18_fpn-1/best.safetensors"]));
        Assert.All(Directory.GetDirectories(program["nuget"]), folder => Assert.StartsWith("vision.", Path.GetFileName(folder)));
    }
}
