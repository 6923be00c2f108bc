using Vision.Ops.Libtorch;
using Vision.Testing;
using static TorchSharp.torch;

namespace Vision.Ops.Tests;

public class ShiftedWindowsTests
{
    private const int Window = 7;

    // One window and several, along one side or both; sides that windows fit and others.
    public static TheoryData<int, int, int> Sizes => new()
    {
        { 14, 21, 3 }, { 14, 21, 0 }, { 8, 7, 3 }, { 7, 8, 3 }, { 5, 30, 3 }, { 13, 9, 3 }, { 7, 7, 3 }, { 1, 1, 3 }, { 17, 22, 6 },
    };

    [Theory, MemberData(nameof(Sizes))]
    public void EachPixelIsWhereTheWindowsSay(int height, int width, int shift)
    {
        using var scope = NewDisposeScope();
        Tensor x = rand(2, height, width, 3);
        int[][] pixels = Pixels(height, width, shift);
        Tensor padded = cat([x.reshape(2, height * width, 3), zeros(2, 1, 3)], 1);
        Tensor expected = padded.index_select(1, tensor(pixels.SelectMany(window => window)
            .Select(pixel => (long)(pixel < 0 ? height * width : pixel)).ToArray())).view(2, pixels.Length, Window * Window, 3);
        Close.To(ShiftedWindows.Split(x, Window, shift), expected, 0, "windows");
    }

    [Theory, MemberData(nameof(Sizes))]
    public void JoinedAgainTheyAreTheMap(int height, int width, int shift)
    {
        using var scope = NewDisposeScope();
        Tensor x = rand(2, height, width, 3).requires_grad_(), like = rand(2, height, width, 1);
        Tensor y = ShiftedWindows.Join(ShiftedWindows.Split(x, Window, shift), like, Window, shift);
        Close.To(y, x, 0, "map");
        Assert.True(y.is_contiguous());
        Tensor weights = rand_like(y);
        (y * weights).sum().backward();
        Close.To(x.grad!, weights, 0, "gradient");
    }

    /// <summary>Padding, too, gives the windows' values no gradient.</summary>
    [Fact]
    public void ValuesOutsideTheMapHaveNoGradient()
    {
        using var scope = NewDisposeScope();
        Tensor windows = rand(1, 2, Window * Window, 1).requires_grad_();
        ShiftedWindows.Join(windows, rand(1, 5, 9, 1), Window, 3).sum().backward();
        Close.To(windows.grad!, ShiftedWindows.Split(ones(1, 5, 9, 1), Window, 3), 0);
    }

    /// <summary>Two pixels of a window see each other if the map's border does not lie between them.</summary>
    [Theory, MemberData(nameof(Sizes))]
    public void PixelsFromOppositeBordersAreMasked(int height, int width, int shift)
    {
        using var scope = NewDisposeScope();
        int rows = (height + Window - 1) / Window, columns = (width + Window - 1) / Window;
        int down = rows > 1 ? shift : 0, across = columns > 1 ? shift : 0, area = Window * Window;
        float[] expected = new float[rows * columns * area * area];
        for (int window = 0, at = 0; window < rows * columns; window++)
            for (int i = 0; i < area; i++)
                for (int j = 0; j < area; j++, at++)
                    if (Wraps(window / columns, i / Window, rows, down) != Wraps(window / columns, j / Window, rows, down)
                        || Wraps(window % columns, i % Window, columns, across) != Wraps(window % columns, j % Window, columns, across))
                        expected[at] = -100;
        foreach (ScalarType type in (ScalarType[])[ScalarType.Float32, ScalarType.Float64])
        {
            Tensor mask = ShiftedWindows.Mask(zeros(2, height, width, 3, type), Window, shift);
            Assert.Equal(type, mask.dtype);
            Close.To(mask, tensor(expected).view(rows * columns, 1, area, area), 0, "mask");
        }

        static bool Wraps(int window, int pixel, int windows, int shift) => window * Window + pixel + shift >= windows * Window;
    }

    [SkippableFact]
    public void AGraphHoldsNoSize()
    {
        Requirement.Check(Tracer.IsSupported, "Networks can be traced on Linux on x86-64 only.");
        using var scope = NewDisposeScope();
        string graph = Tracer.Graph([rand(1, 9, 17, 4)], given =>
            [ShiftedWindows.Join(ShiftedWindows.Split(given[0], 5, 2), given[0], 5, 2), ShiftedWindows.Mask(given[0], 5, 2)]);
        Assert.Equal(3, graph.Split("vision::").Length - 1);
        Assert.DoesNotContain("aten::", graph);
        Assert.All(graph.Split('\n').Where(line => line.Contains("prim::Constant")), line => Assert.Matches(@"value=[52]\]", line));
    }

    [Fact]
    public void NothingIsLeftBehind()
    {
        using Tensor x = rand(1, 9, 17, 4);
        LiveTensors.Unchanged(() =>
        {
            using Tensor windows = ShiftedWindows.Split(x, Window, 3), mask = ShiftedWindows.Mask(x, Window, 3);
            using Tensor map = ShiftedWindows.Join(windows, x, Window, 3);
        });
    }

    // For each window the numbers of its pixels in the map, row by row; −1 for padding.
    private static int[][] Pixels(int height, int width, int shift)
    {
        int rows = (height + Window - 1) / Window, columns = (width + Window - 1) / Window;
        int down = rows > 1 ? shift : 0, across = columns > 1 ? shift : 0;
        int[][] windows = new int[rows * columns][];
        for (int window = 0; window < windows.Length; window++)
        {
            windows[window] = new int[Window * Window];
            for (int i = 0; i < Window * Window; i++)
            {
                int y = (window / columns * Window + i / Window + down) % (rows * Window);
                int x = (window % columns * Window + i % Window + across) % (columns * Window);
                windows[window][i] = y < height && x < width ? y * width + x : -1;
            }
        }
        return windows;
    }
}
