using Vision.Cli.Output;
using Vision.Data;
using Vision.Training;

namespace Vision.Cli.Training;

/// <summary>Folders of runs that nobody named: <c>runs/MODEL-1</c>, <c>runs/MODEL-2</c> and so on.</summary>
internal static class RunName
{
    private const string Root = "runs";

    /// <summary>The first that is free.</summary>
    public static string Next(string model) => NumberedFolder.Next(Root, model);

    /// <summary>The latest, to go on with.</summary>
    /// <exception cref="InputException">There is none.</exception>
    public static string Latest(string model) => NumberedFolder.Existing(Root, model).LastOrDefault(folder => File.Exists(RunFolder.At(folder).Last))
        ?? throw new InputException($"There is no run of {model} in {Root} to resume; name its folder with --out.");
}
