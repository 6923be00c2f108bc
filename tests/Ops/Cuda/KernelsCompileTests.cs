using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Vision.Ops.Cuda;
using Vision.Testing;

namespace Vision.Ops.Tests.Cuda;

public class KernelsCompileTests
{
    public static IEnumerable<object[]> Sources =>
        from file in (string[])["RoiAlign.cu", "Nms.cu", "DeformConv.cu"]
        from isDouble in (bool[])[false, true]
        from isWide in (bool[])[false, true]
        select (object[])[file, isDouble, isWide];

    [SkippableFact]
    public void WithNvrtc()
    {
        nint? library = NvrtcLibrary.Load(null);
        Skip.If(library is null, "There is no NVRTC on this machine.");
        Nvrtc compiler = new(name => NativeLibrary.GetExport(library.Value, name));
        foreach (object[] variant in Sources)
        {
            KernelSource source = new((string)variant[0], (bool)variant[1], (bool)variant[2]);
            Assert.NotEmpty(compiler.Compile(source.File, source.Text, KernelSource.Headers, source.Options, 80));
        }
    }

    /// <summary>Into PTX, whose list of parameters shows how large each is: as the other tests read it from the source.</summary>
    [SkippableTheory, MemberData(nameof(Sources))]
    public void WithClangForAGpu(string file, bool isDouble, bool isWide)
    {
        string[] names = ["clang", .. Enumerable.Range(14, 10).Select(version => $"clang-{version}")];
        string? clang = names.FirstOrDefault(name => Tool.Path(name) is not null);
        Skip.If(clang is null, "There is no clang on this machine.");
        KernelSource source = new(file, isDouble, isWide);
        using TempFolder folder = new();
        folder.Write(file, source.Text);
        foreach (var (name, text) in KernelSource.Headers) folder.Write(name, text);
        string prelude = Path.Combine(Repository.Root, "tests", "Ops", "Cuda", "Emulation", "ClangDevice.h");
        string[] defined = [.. source.Options.Where(option => option.StartsWith("-D", StringComparison.Ordinal))];
        Tool.Run(
            clang, "-x", "cuda", "--cuda-device-only", "--cuda-gpu-arch=sm_70", "-nocudainc", "-nocudalib", "-std=c++17", "-O2",
            "-ffp-contract=off", "-Wall", "-Wextra", "-Werror", defined[0], defined[1], "-include", prelude, "-S", folder[file],
            "-o", folder["out.ptx"]);

        string ptx = File.ReadAllText(folder["out.ptx"]);
        Assert.DoesNotContain("fma.", ptx);
        foreach (string kernel in KernelSignature.Kernels(source.Text))
        {
            string parameters = Regex.Match(ptx, $@"\.entry {kernel}\((.*?)\n\)", RegexOptions.Singleline).Groups[1].Value;
            IEnumerable<int> sizes = Regex.Matches(parameters, @"\.param (?:\.align \d+ )?\.[busf](\d+) \w+(?:\[(\d+)\])?").Select(Size);
            Assert.Equal(new KernelSignature(source.Text, kernel).Sizes(isDouble, isWide), sizes);
        }

        static int Size(Match parameter) =>
            Number(parameter.Groups[1]) / 8 * (parameter.Groups[2].Success ? Number(parameter.Groups[2]) : 1);

        static int Number(Group digits) => int.Parse(digits.ValueSpan, CultureInfo.InvariantCulture);
    }
}
