using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Vision.Cli.DataTools;
using Vision.Cli.Output;
using Vision.Data;
using Vision.Detection;

namespace Vision.Cli.Commands;

/// <summary><c>vision data check</c>: looks at every image and object of a data set.</summary>
internal sealed class DataCheckCommand
{
    private const int Resolution = 800, LargestSide = 1333;
    private const int ShownOfKind = 5;

    private readonly Option<DirectoryInfo> data = CommonOptions.Data();
    private readonly Option<string> format = CommonOptions.DataFormat();
    private readonly Option<string?> model = new("--model") { Description = "A detector whose anchors are compared with the boxes; \"vision models\" lists them.", HelpName = "NAME" };
    private readonly Option<int> minSize = CommonOptions.Count("--min-size", Resolution, "With --model: the shorter side that images will be resized to.");
    private readonly Option<int> maxSize = CommonOptions.Count("--max-size", LargestSide, "With --model: the longer side that resizing does not exceed.");
    private readonly Option<FileInfo?> html = new("--html") { Description = "Also write a page with pictures, one file.", HelpName = "FILE" };

    /// <summary>The command.</summary>
    public static Command Create()
    {
        DataCheckCommand self = new();
        CommandWithExamples command = new("check",
            "Looks for missing and unreadable images, bad and repeated boxes, repeated images, rare classes, and whatever else would spoil a training. Ends with exit code 1 where there are errors.",
            "vision data check --data photos",
            "vision data check --data photos --model fasterrcnn_resnet50_fpn --html photos.html")
        {
            self.data, self.format, self.model, self.minSize, self.maxSize, self.html,
        };
        command.SetAction(self.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        using Interruption interruption = new();
        string folder = parsed.GetRequiredValue(data).ToString();
        string? name = parsed.GetValue(model);
        IReadOnlyList<AnchorLevel>? levels = name is null ? null : DetectorCatalog.ArchitectureOf(name).AnchorLevels
            ?? throw new InputException($"--model {name}: objects are compared with the anchors of R-CNNs on a pyramid and of RetinaNet; name one of these, or leave it out.");
        DatasetCheck check = ProgressBar.Show("looking at images",
            progress => DatasetCheck.Run(folder, Enum.Parse<DatasetFormat>(parsed.GetRequiredValue(format), ignoreCase: true), progress, interruption.Token));
        IReadOnlyList<AnchorFit> fits = levels is null ? [] : Fits(check, levels, parsed.GetValue(minSize), parsed.GetValue(maxSize));

        Write(check, fits);
        if (parsed.GetValue(html) is { } page)
        {
            DatasetPage.Write(page.ToString(), folder, check, fits);
            AnsiConsole.WriteLine($"The page is {page}");
        }
        return check.Report.Problems.Any(problem => problem.Kind.IsError()) ? 1 : 0;
    }

    private static IReadOnlyList<AnchorFit> Fits(DatasetCheck check, IReadOnlyList<AnchorLevel> levels, int minSize, int maxSize)
    {
        DetectorOptions options = new() { NumClasses = check.Categories.Count + 1, MinSize = minSize, MaxSize = maxSize };
        IReadOnlyList<AnchorFit> fits = AnchorFit.Of(check.Samples.Select(entry => entry.Sample), check.Categories, levels, options);
        foreach (AnchorFit fit in fits.Where(fit => fit.IsPoor))
            check.Report.Add(new(DatasetProblemKind.AnchorMisfit, check.Splits[0].Data.Name, $"class {fit.Category.Name}", string.Create(CultureInfo.InvariantCulture,
                $"anchors meet {100 * fit.Recall:0}% of its {fit.Objects} objects (best overlaps of {fit.MeanOverlap:0.00} in the mean); a larger --min-size helps where they are small")));
        return fits;
    }

    private static void Write(DatasetCheck check, IReadOnlyList<AnchorFit> fits)
    {
        foreach (var (name, split) in check.Splits)
            AnsiConsole.WriteLine($"{split.Name}: {split.Samples.Count} images, {split.Samples.Sum(sample => sample.Objects.Count)} objects of {split.Categories.Count} classes");
        if (fits.Count > 0)
        {
            Table table = new Table().AddColumns("class", "objects", "anchor recall", "mean overlap");
            foreach (AnchorFit fit in fits)
                table.AddRow(Markup.Escape(fit.Category.Name), $"{fit.Objects}", fit.Recall.ToString("0.000", CultureInfo.InvariantCulture), fit.MeanOverlap.ToString("0.000", CultureInfo.InvariantCulture));
            AnsiConsole.Write(table);
        }
        foreach (var kind in check.Report.Problems.GroupBy(problem => problem.Kind).OrderBy(group => group.Key.IsError() ? 0 : 1).ThenBy(group => group.Key))
        {
            foreach (DatasetProblem problem in kind.Take(ShownOfKind)) AnsiConsole.WriteLine($"{(kind.Key.IsError() ? "error" : "warning")}: {problem}");
            if (kind.Count() > ShownOfKind) AnsiConsole.WriteLine($"  and {kind.Count() - ShownOfKind} more of this kind ({kind.Key})");
        }
        int errors = check.Report.Problems.Count(problem => problem.Kind.IsError()), warnings = check.Report.Problems.Count - errors;
        AnsiConsole.WriteLine($"{errors} {(errors == 1 ? "error" : "errors")}, {warnings} {(warnings == 1 ? "warning" : "warnings")}");
    }
}
