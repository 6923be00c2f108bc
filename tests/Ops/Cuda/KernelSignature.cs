using System.Text.RegularExpressions;

namespace Vision.Ops.Tests.Cuda;

/// <summary>The parameters of a kernel, read from its source.</summary>
internal sealed partial class KernelSignature
{
    private readonly (string Type, string Name)[] parameters;
    private readonly string source;

    public KernelSignature(string source, string kernel)
    {
        this.source = source;
        Match match = Regex.Match(source, $@"extern ""C"" __global__ void {kernel}\(([^)]*)\)");
        Assert.True(match.Success, $"There is no kernel {kernel}.");
        parameters = [.. match.Groups[1].Value.Split(',').Select(Parse)];
    }

    /// <summary>The kernels of a source.</summary>
    public static IEnumerable<string> Kernels(string source) => Kernel().Matches(source).Select(match => match.Groups[1].Value);

    /// <summary>The bytes of each parameter.</summary>
    public IEnumerable<int> Sizes(bool isDouble, bool isWide) => parameters.Select(parameter => parameter.Type switch
    {
        [.., '*'] => sizeof(long),
        "Real" => isDouble ? sizeof(double) : sizeof(float),
        var type => Fields(type) * (isWide ? sizeof(long) : sizeof(int)),
    });

    /// <summary>What a launch passed: pointers as nint, Real and Index as they are, structures as long[].</summary>
    public unsafe Dictionary<string, object> Read(nint pointers, bool isDouble, bool isWide)
    {
        Dictionary<string, object> values = [];
        for (int i = 0; i < parameters.Length; i++)
        {
            void* place = ((void**)pointers)[i];
            Assert.True((nint)place % sizeof(long) == 0, "A parameter is not aligned.");
            values.Add(parameters[i].Name, parameters[i].Type switch
            {
                [.., '*'] => *(nint*)place,
                "Real" => isDouble ? *(double*)place : *(float*)place,
                "Index" => Index(0),
                var type => Enumerable.Range(0, Fields(type)).Select(Index).ToArray(),
            });
            long Index(int number) => isWide ? ((long*)place)[number] : ((int*)place)[number];
        }
        return values;
    }

    private int Fields(string type)
    {
        if (type == "Index") return 1;
        string body = Regex.Match(source, $@"struct {type} \{{(.*?)\n\}};", RegexOptions.Singleline).Groups[1].Value;
        MatchCollection fields = Field().Matches(body);
        Assert.NotEmpty(fields);
        Assert.All(fields, field => Assert.Equal("Index", field.Groups[1].Value));
        return fields.Count;
    }

    private static (string Type, string Name) Parse(string text)
    {
        Match match = Parameter().Match(text.Trim());
        Assert.True(match.Success, $"{text} is no parameter.");
        return (match.Groups[1].Value.Trim(), match.Groups[2].Value);
    }

    [GeneratedRegex(@"^(?:const )?(.*?\W|\w+ )(\w+)$")] private static partial Regex Parameter();

    [GeneratedRegex(@"^  (\w+) \w+;", RegexOptions.Multiline)] private static partial Regex Field();

    [GeneratedRegex(@"__global__ void (\w+)\(")] private static partial Regex Kernel();
}
