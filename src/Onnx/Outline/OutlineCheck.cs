using System.Globalization;
using Vision.Onnx.Outlines;

namespace Vision.Onnx;

/// <summary>Rejects files that a runtime must not even load: ones that claim more memory than they hold, that make more of it by constant
/// sizes, that read files elsewhere, or that need operators which are not ONNX's own.</summary>
internal sealed class OutlineCheck
{
    // A value takes half a byte or more; as int64 it is 16 times as large in memory. A few hundred bytes of dims must not ask for more.
    private const double ValuesPerByte = 2;

    private const int External = 1;

    private readonly string path, folder;
    private readonly long bytes;

    private OutlineCheck(string path)
    {
        this.path = path;
        folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        bytes = new FileInfo(path).Length;
    }

    /// <summary>Checks a whole file.</summary>
    /// <param name="path">The file, next to which external data has to be.</param>
    /// <param name="model">Its outline.</param>
    /// <exception cref="InputException">It must not be loaded.</exception>
    public static void Run(string path, Model model)
    {
        OutlineCheck check = new(path);
        if (model.Functions.Count > 0 || model.TrainingInfo.Count > 0)
            throw check.Foreign("functions of its own");
        check.Graph(model.Graph);
        SizeCheck.Run(path, model.Graph);
    }

    private void Graph(Graph graph)
    {
        if (graph.SparseInitializer.Count > 0) throw Foreign("sparse tensors");
        foreach (Tensor tensor in graph.Initializer) Tensor(tensor);
        foreach (Node node in graph.Node)
        {
            if (node.Domain is not ("" or "ai.onnx")) throw Foreign($"the operator {node.OpType} of {node.Domain}");
            foreach (Outlines.Attribute attribute in node.Attribute)
            {
                if (attribute.SparseTensor is not null || attribute.SparseTensors.Count > 0) throw Foreign("sparse tensors");
                if (attribute.T is not null) Tensor(attribute.T);
                foreach (Tensor tensor in attribute.Tensors) Tensor(tensor);
                if (attribute.G is not null) Graph(attribute.G);
                foreach (Graph inner in attribute.Graphs) Graph(inner);
            }
        }
    }

    private void Tensor(Tensor tensor)
    {
        double values = tensor.Dims.Aggregate(1.0, (product, side) => product * side);
        long held = tensor.DataLocation == External ? ExternalBytes(tensor) : bytes;
        if (tensor.Dims.Any(side => side < 0) || values > held * ValuesPerByte)
            throw new InputException(
                $"{path} is damaged: the tensor {tensor.Name} claims to be [{string.Join(", ", tensor.Dims)}], which is more than the " +
                "file holds. Export the network again.");
    }

    /// <summary>The bytes of a tensor in another file, which has to be in the same folder, also if it is a link.</summary>
    private long ExternalBytes(Tensor tensor)
    {
        string location = Value("location") ?? "";
        string full = Path.GetFullPath(location, folder);
        if (location.Length == 0 || Path.IsPathRooted(location) || !IsWithin(full))
            throw new InputException(
                $"{path}: the tensor {tensor.Name} is in {location}, outside of the file's folder, so it is not read. " +
                "Export the network again.");
        FileInfo file = new(full);
        if (!file.Exists)
            throw new InputException($"{path}: its weights are in {location}, which is missing: copy it into the same folder.");
        if (file.ResolveLinkTarget(returnFinalTarget: true) is { } target && !IsWithin(target.FullName))
            throw new InputException($"{path}: {location} is a link out of the file's folder, so it is not read. Copy the data itself.");
        long offset = Number("offset") ?? 0, length = Number("length") ?? file.Length - offset;
        if (offset < 0 || length < 0 || offset > file.Length - length)
            throw new InputException($"{path}: {location} is too short, so it is damaged; export the network again.");
        return length;

        string? Value(string key) => tensor.ExternalData.FirstOrDefault(entry => entry.Key == key)?.Value;
        long? Number(string key) => Value(key) is not { } text ? null
            : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : -1;
    }

    private bool IsWithin(string full) =>
        full.StartsWith(Path.TrimEndingDirectorySeparator(folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private InputException Foreign(string what) =>
        new($"{path} uses {what}, which this toolkit does not export and does not run. Export the network again.");
}
