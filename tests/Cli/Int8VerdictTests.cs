using Vision.Cli.Exporting;
using Vision.Onnx;

namespace Vision.Cli.Tests;

/// <summary>8-bit integers have to be faster, and lose less than a point.</summary>
public class Int8VerdictTests
{
    [Theory]
    [InlineData(10, 9.9, 0.5, 0.4901, null)]
    [InlineData(10, 5, 0.5, 0.7, null)]
    [InlineData(10, 5, 0.5, 0.49, "with 8-bit integers, AP falls from 0.5000 to 0.4900. Leave --int8 out;")]
    [InlineData(10, 10, 0.5, 0.5, "with 8-bit integers, an image takes 10.0 ms here, and 10.0 ms in float32. Leave --int8 out;")]
    [InlineData(10, 20, 0.5, 0.3,
        "with 8-bit integers, an image takes 20.0 ms here, and 10.0 ms in float32, and AP falls from 0.5000 to 0.3000. Leave")]
    public void TheFiguresDecide(double floatTime, double integerTime, double before, double after, string? reason)
    {
        string? against = Int8Verdict.Against(new()
        {
            Images = 3, LargestDifference = 0, LargestShift = 0, Agreement = 1, Milliseconds = (floatTime, integerTime),
            Figures = [("AP", before, after)],
        });
        if (reason is null) Assert.Null(against);
        else Assert.StartsWith(reason, against);
    }
}
