using Spectre.Console;
using Vision.Cli.Output;
using Vision.Training;
using Vision.Weights;

namespace Vision.Cli;

/// <summary>Resolves <c>--weights</c>: a file, or the name of published weights, which are downloaded with a progress bar.</summary>
internal static class WeightsArgument
{
    /// <summary>Returns the file of weights.</summary>
    /// <param name="text">The option's value; null for none.</param>
    /// <param name="model">The model that the weights are for.</param>
    /// <param name="backbone">A backbone in place of the one in the model's name.</param>
    /// <param name="toStartFrom">Whether training starts from the weights, so that those of only the backbone are accepted.</param>
    /// <param name="cancellation">Cancels a download.</param>
    /// <exception cref="InputException">There is no such file and no weights of that name, or they cannot be downloaded.</exception>
    public static string? Resolve(string? text, string model, string? backbone = null, bool toStartFrom = false,
        CancellationToken cancellation = default) =>
        PublishedFile.Resolve(text, model, backbone, toStartFrom, Download, cancellation);

    private static string Download(string url, CancellationToken cancellation)
    {
        bool isThere = File.Exists(Path.Combine(WeightCache.Folder, Path.GetFileName(url)));
        if (!isThere) AnsiConsole.WriteLine($"Downloading {url} into {WeightCache.Folder}");
        return ProgressBar.Show(Path.GetFileName(url), report =>
            WeightCache.Get(url, (done, total) => report((int)(done >> 10), (int)(total >> 10)), cancellation));
    }
}
