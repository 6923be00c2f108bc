using System.Globalization;
using Spectre.Console;
using Vision.Cli.Output;
using Vision.Data;
using Vision.Onnx;
using Vision.Training;

namespace Vision.Cli.Exporting;

/// <summary>Writes a model's file, checks it, compares it with the network if that is wanted, and says so. If anything fails, no file is
/// left.</summary>
/// <param name="path">The file.</param>
/// <param name="options">How it is written.</param>
/// <param name="kind">The kind of the model.</param>
/// <param name="images">A folder of images, or a data set, to compare on; null not to compare.</param>
/// <param name="cancellation">Cancels the comparison, and that the file gets its place.</param>
internal sealed class ModelExport(string path, ExportOptions options, ModelKind kind, string? images, CancellationToken cancellation)
{
    /// <summary>Compares two models on files of images.</summary>
    public delegate OnnxComparison OnImages<T>(T one, T other, IReadOnlyList<string> images, Action<int, int> progress,
        CancellationToken cancellation);

    /// <summary>Compares two models on a split of a data set.</summary>
    public delegate OnnxComparison OnSplit<T>(T one, T other, string data, string split, Action<int, int> progress,
        CancellationToken cancellation);

    private bool IsInt8 => options.Precision == ExportPrecision.Int8;

    /// <summary>Does it all.</summary>
    /// <param name="network">The network.</param>
    /// <param name="write">Exports it.</param>
    /// <param name="load">Loads a file, which checks it.</param>
    /// <param name="splits">The splits of a folder that is a data set; none if it only holds images.</param>
    /// <param name="onImages">Compares on images.</param>
    /// <param name="onSplit">Compares on a data set.</param>
    /// <exception cref="InputException">The file fails its check, the comparison fails, or 8-bit integers do not pay.</exception>
    public void Run<T>(T network, Action<string, ExportOptions> write, Func<string, T> load, Func<string, IReadOnlyList<string>> splits,
        OnImages<T> onImages, OnSplit<T> onSplit) where T : class, IDisposable
    {
        using StagedModel staged = new(path);
        write(staged.Path, options);
        try
        {
            using T file = load(staged.Path);
            if (images is not null) Verify(file);
        }
        catch (InputException e)
        {
            throw new InputException($"{path} is not written: {e.Message}", e);
        }
        string model = OnnxContract.Read(staged.Path).Model;
        cancellation.ThrowIfCancellationRequested();
        staged.Publish();
        AnsiConsole.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{model} → {path}, {new FileInfo(path).Length / 1e6:0.0} MB; checked in ONNX Runtime"));
        if (IsInt8 && images is null)
            AnsiConsole.WriteLine("neither its accuracy nor its time was compared with float32: --verify DIR, with annotated images, does");

        void Verify(T file)
        {
            if (!IsInt8)
            {
                ComparisonText.Write(Compare(network, file), kind, "the network", "the file");
                return;
            }
            // 8-bit integers have to be better than the file that they replace, in the same runtime.
            string other = staged.Beside("float32.onnx");
            write(other, new());
            using T exact = load(other);
            OnnxComparison comparison = Compare(exact, file);
            ComparisonText.Write(comparison, kind, "float32", "int8");
            if (comparison.Figures.Count == 0)
                AnsiConsole.WriteLine("its accuracy was not compared, since these images are not annotated");
            if (Int8Verdict.Against(comparison) is { } reason) throw new InputException(reason);
        }

        OnnxComparison Compare(T one, T other)
        {
            IReadOnlyList<string> found = splits(images);
            if (found.Count == 0)
                return ProgressBar.Show("verifying", progress => onImages(one, other, ImageFile.InFolder(images), progress, cancellation));
            string split = EvaluationSplit.Usual(found, images);
            return ProgressBar.Show("verifying", progress => onSplit(one, other, images, split, progress, cancellation));
        }
    }
}
