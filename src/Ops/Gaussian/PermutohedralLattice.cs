using Vision.Ops.Libtorch;
using static TorchSharp.torch;

namespace Vision.Ops.Gaussian;

/// <summary>
/// Gaussian filtering in time linear in the number of points (Adams, Baek &amp; Davis 2010, "Fast High-Dimensional Filtering Using the
/// Permutohedral Lattice"): N points in d dimensions and M vertices of a lattice. Values are splatted onto the vertices around each
/// point, blurred along each of the lattice's d + 1 axes, and read back at the points. On the CPU.
/// </summary>
internal sealed unsafe class PermutohedralLattice : IDisposable
{
    private readonly int points, corners, vertexCount;
    private readonly Tensor vertices;       // int32 [N, d + 1]: the vertices around each point
    private readonly Tensor weights;        // float32 [N, d + 1]: the weight of each
    private readonly Tensor starts;         // int32 [M + 1]: the entries of a vertex are [starts[m], starts[m + 1])
    private readonly Tensor members;        // int32 [N (d + 1)]: the points around each vertex, in order
    private readonly Tensor shares;         // float32 [N (d + 1)]: the weight of each
    private readonly Tensor neighbors;      // int32 [d + 1, M, 2]: on both sides of a vertex along each axis; M for none

    /// <inheritdoc cref="GaussianFilter(Tensor, bool)"/>
    public PermutohedralLattice(Tensor features)
    {
        using var scope = NewDisposeScope();
        CheckFeatures(features);
        points = (int)features.shape[0];
        corners = (int)features.shape[1] + 1;

        using var noGradient = no_grad();
        Tensor positions = features.to(float32).contiguous();
        vertices = empty(points, corners, int32);
        weights = empty(points, corners, float32);
        int* around = vertices.Pointer<int>();
        float* weight = weights.Pointer<float>();
        LatticeBuilder builder = new(positions.Pointer<float>(), points, corners - 1, around, weight);
        vertexCount = builder.VertexCount;
        starts = empty(vertexCount + 1, int32);
        members = empty((long)points * corners, int32);
        shares = empty((long)points * corners, float32);
        builder.Transpose(around, weight, starts.Pointer<int>(), members.Pointer<int>(), shares.Pointer<float>());
        neighbors = empty(corners, vertexCount, 2, int32);
        builder.Connect(neighbors.Pointer<int>());
        foreach (Tensor tensor in Tensors) tensor.DetachFromDisposeScope();
    }

    private Tensor[] Tensors => [vertices, weights, starts, members, shares, neighbors];

    /// <inheritdoc cref="GaussianFilter.Apply"/>
    public Tensor Apply(Tensor values)
    {
        using var scope = NewDisposeScope();
        if (values.dim() != 2 || values.shape[0] != points)
        {
            throw new ArgumentException(
                $"A Gaussian filter needs values [N, C] at the {points} points, but they are [{string.Join(", ", values.shape)}].",
                nameof(values));
        }
        if (values.device_type != TorchSharp.DeviceType.CPU)
            throw new ArgumentException($"A Gaussian filter needs values on the CPU, but they are on {values.device}.", nameof(values));
        long channels = values.shape[1];
        Tensor sources = values.to(float32);
        if (channels < LatticeFilter.Lanes) sources = nn.functional.pad(sources, [0, LatticeFilter.Lanes - channels]);
        sources = sources.contiguous();                                                 // [N, max(C, 8)]

        LatticeFilter filter = new((int)channels, vertexCount);
        Tensor tables = empty(2, vertexCount + 1, filter.Width, float32);               // a row of zeros after the last vertex
        Tensor output = empty(points, channels, float32);
        float* table = tables.Pointer<float>(), other = table + (nint)(vertexCount + 1) * filter.Width;
        new Span<float>(table + (nint)vertexCount * filter.Width, filter.Width).Clear();
        new Span<float>(other + (nint)vertexCount * filter.Width, filter.Width).Clear();
        filter.Splat(sources.Pointer<float>(), starts.Pointer<int>(), members.Pointer<int>(), shares.Pointer<float>(), table);
        for (int axis = 0; axis < corners; axis++)
        {
            filter.Blur(neighbors.Pointer<int>() + (nint)axis * vertexCount * 2, table, other);
            float* blurred = other;
            other = table;
            table = blurred;
        }
        filter.Slice(table, vertices.Pointer<int>(), weights.Pointer<float>(), corners, points, output.Pointer<float>());
        return output.to(values.dtype).MoveToOuterDisposeScope();
    }

    /// <summary>Sets a factor [N, 1] that multiplies every point's values before and after filtering.</summary>
    public void Scale(Tensor factor)
    {
        using var scope = NewDisposeScope();
        weights.mul_(factor);
        shares.mul_(factor.flatten().index_select(0, members));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Tensor tensor in Tensors) tensor.Dispose();
    }

    private static void CheckFeatures(Tensor features)
    {
        if (features.dim() != 2) throw Unfit($"features [N, d], but they are [{string.Join(", ", features.shape)}]");
        long count = features.shape[0], dimensions = features.shape[1];
        if (dimensions is < 1 or > LatticeGeometry.MaxDimensions)
            throw Unfit($"points of 1 to {LatticeGeometry.MaxDimensions} dimensions, but these have {dimensions}");
        if (count * (dimensions + 1) >= int.MaxValue)
            throw Unfit($"at most {int.MaxValue / (dimensions + 1)} points of {dimensions} dimensions, but these are {count}");
        if (features.device_type != TorchSharp.DeviceType.CPU) throw Unfit($"features on the CPU, but they are on {features.device}");

        ArgumentException Unfit(string needed) => new($"A Gaussian filter needs {needed}.", nameof(features));
    }
}
