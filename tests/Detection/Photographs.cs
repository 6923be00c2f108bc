using Vision.Testing;

namespace Vision.Detection.Tests;

/// <summary>Real photographs to compare on.</summary>
internal static class Photographs
{
    private const string OpenCvData = "/usr/share/doc/opencv-doc/examples/data";

    /// <summary>The names of the sources.</summary>
    public static TheoryData<string> Sources => ["opencv-doc", "coco128"];

    /// <summary>Two photographs of different sizes from a source, which may be absent: then the test skips.</summary>
    public static string[] From(string source)
    {
        if (source == "coco128")
        {
            string folder = SharedData.Find("data/coco128/images/train2017");
            return [.. new[] { "000000000009", "000000000025" }.Select(name => Path.Combine(folder, name + ".jpg"))];
        }
        Requirement.Check(Directory.Exists(OpenCvData), $"There is no {OpenCvData}: install Debian's opencv-doc.");
        return [.. new[] { "messi5", "fruits" }.Select(name => Path.Combine(OpenCvData, name + ".jpg"))];
    }
}
