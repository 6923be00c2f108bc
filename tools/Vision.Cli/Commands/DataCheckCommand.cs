using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Spectre.Console;
using Vision.Cli.DataTools;
using Vision.Cli.Output;
using Vision.Data;
using Vision.Detection;

namespace Vision.Cli.Commands;

/// <summary><c>vision data check</c>: checks every image, object and mask of a data set.</summary>
internal sealed class DataCheckCommand
{
    private const int Resolution = 800, LargestSide = 1333;
    private const string Objects = "detection", Masks = "semantic";

    private readonly Option<DirectoryInfo> data = CommonOptions.Data();
    private readonly Option<string> format = CommonOptions.DataFormat();
    private readonly Option<string?> task = new("--task")
    {
        Description = $"What to check if a folder has both: {Objects} for boxes and segments of objects, {Masks} for masks with the " +
            "class of every pixel.",
    };
    private readonly Option<string?> model = new("--model")
    {
        Description = "Detector whose anchors are compared with the boxes; \"vision models\" lists them.",
        HelpName = "NAME",
    };
    private readonly Option<int> minSize =
        CommonOptions.Count("--min-size", Resolution, "With --model: the shorter side that images will be resized to.");
    private readonly Option<int> maxSize =
        CommonOptions.Count("--max-size", LargestSide, "With --model: the maximum longer side after resizing.");
    private readonly Option<FileInfo?> html =
        new("--html") { Description = "Also write a page with pictures, in a single file.", HelpName = "FILE" };
    private readonly Option<FileInfo?> json = CommonOptions.Json();

    /// <summary>The command.</summary>
    public static Command Create()
    {
        DataCheckCommand self = new();
        self.task.AcceptOnlyFromAmong(Objects, Masks);
        CommandWithExamples command = new("check",
            "Checks for missing and unreadable images and masks, bad and repeated boxes, mask values that are not classes, repeated " +
                "images, rare classes and other problems that hurt training. Exits with code 1 if there are errors.",
            "vision data check --data photos",
            "vision data check --data photos --model fasterrcnn_resnet50_fpn --html photos.html",
            "vision data check --data streets --task semantic --json streets.json")
        {
            self.data, self.format, self.task, self.model, self.minSize, self.maxSize, self.html, self.json,
        };
        command.SetAction(self.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        using Interruption interruption = new();
        string folder = parsed.GetRequiredValue(data).ToString();
        DatasetFormat layout = Enum.Parse<DatasetFormat>(parsed.GetRequiredValue(format), ignoreCase: true);
        return HasMasks(folder, layout, parsed.GetValue(task))
            ? CheckMasks(parsed, folder, layout, interruption.Token)
            : CheckObjects(parsed, folder, layout, interruption.Token);
    }

    private static bool HasMasks(string folder, DatasetFormat layout, string? task)
    {
        if (task is not null) return task == Masks;
        if (layout is DatasetFormat.Masks or DatasetFormat.Cityscapes) return true;
        if (layout != DatasetFormat.Auto || DetectionReader.CanRead(folder)) return false;
        if (SegmentationReader.CanRead(folder)) return true;
        try
        {
            DetectionReader.Detect(folder);
            return false;
        }
        catch (InputException exception)
        {
            throw new InputException($"{exception.Message.TrimEnd('.')}; for segmentation masks, use --task {Masks}.", exception);
        }
    }

    private int CheckObjects(ParseResult parsed, string folder, DatasetFormat layout, CancellationToken cancellation)
    {
        string? name = parsed.GetValue(model);
        IReadOnlyList<AnchorLevel>? levels = name is null ? null : DetectorCatalog.ArchitectureOf(name).AnchorLevels
            ?? throw new InputException(
                $"--model {name}: anchors can be checked for R-CNNs on a pyramid and for RetinaNet; name one of these, or " +
                    "leave it out.");
        DatasetCheck check = ProgressBar.Show("checking images", progress => DatasetCheck.Run(folder, layout, progress, cancellation));
        IReadOnlyList<AnchorFit> fits = levels is null ? [] : Fits(check, levels, parsed.GetValue(minSize), parsed.GetValue(maxSize));

        Write(check, fits);
        int code = CheckReport.Write(check.Report);
        WritePage(parsed, path => DatasetPage.Write(path, folder, check, fits));
        JsonFile.Write(parsed.GetValue(json), CheckReport.ToJson(check.Report,
            [.. check.Splits.Select(split => new JsonObject
            {
                ["name"] = split.Name, ["images"] = split.Data.Samples.Count,
                ["objects"] = split.Data.Samples.Sum(sample => sample.Objects.Count),
            })],
            [.. check.Categories.Select((category, i) => new JsonObject
            {
                ["id"] = category.Id, ["name"] = category.Name,
                ["objects"] = check.Samples.Sum(entry => entry.Sample.Objects.Count(item => item.Label == i + 1)),
            })]));
        return code;
    }

    private int CheckMasks(ParseResult parsed, string folder, DatasetFormat layout, CancellationToken cancellation)
    {
        if (parsed.GetValue(model) is { } name)
            throw new InputException(
                $"--model {name}: anchors are compared with boxes, but {folder} is checked for pixel classes; " +
                    "leave it out.");
        SegmentationCheck check = ProgressBar.Show("checking masks", progress =>
            SegmentationCheck.Run(folder, layout, progress, cancellation));

        Write(check);
        int code = CheckReport.Write(check.Report);
        WritePage(parsed, path => SegmentationPage.Write(path, folder, check));
        JsonObject result = CheckReport.ToJson(check.Report,
            [.. check.Splits.Select(split => new JsonObject { ["name"] = split.Name, ["images"] = split.Data.Samples.Count })],
            [.. check.Classes.Select(entry => new JsonObject
            {
                ["id"] = entry.Category.Id, ["name"] = entry.Category.Name,
                ["pixels"] = entry.Pixels, ["share"] = entry.Share, ["images"] = entry.Images,
            })]);
        (result["pixels"], result["ignored"]) = (check.Pixels, check.Ignored);
        JsonFile.Write(parsed.GetValue(json), result);
        return code;
    }

    private void WritePage(ParseResult parsed, Action<string> write)
    {
        if (parsed.GetValue(html) is not { } page) return;
        write(page.ToString());
        AnsiConsole.WriteLine($"Page: {page}");
    }

    private static IReadOnlyList<AnchorFit> Fits(DatasetCheck check, IReadOnlyList<AnchorLevel> levels, int minSize, int maxSize)
    {
        DetectorOptions options = new() { NumClasses = check.Categories.Count + 1, MinSize = minSize, MaxSize = maxSize };
        IReadOnlyList<AnchorFit> fits = AnchorFit.Of(check.Samples.Select(entry => entry.Sample), check.Categories, levels, options);
        foreach (AnchorFit fit in fits.Where(fit => fit.IsPoor))
            check.Report.Add(new(DatasetProblemKind.AnchorMisfit, check.Splits[0].Data.Name, $"class {fit.Category.Name}",
                string.Create(CultureInfo.InvariantCulture,
                    $"anchors match {100 * fit.Recall:0}% of its {fit.Objects} objects " +
                    $"(mean best overlap {fit.MeanOverlap:0.00}); a larger --min-size helps if they are small")));
        return fits;
    }

    private static void Write(DatasetCheck check, IReadOnlyList<AnchorFit> fits)
    {
        foreach (var (_, split) in check.Splits)
            AnsiConsole.WriteLine(
                $"{split.Name}: {split.Samples.Count} images, {split.Samples.Sum(sample => sample.Objects.Count)} objects of " +
                $"{split.Categories.Count} classes");
        if (fits.Count == 0) return;
        Table table = new Table().AddColumns("class", "objects", "anchor recall", "mean overlap");
        foreach (AnchorFit fit in fits)
            table.AddRow(Markup.Escape(fit.Category.Name), $"{fit.Objects}", fit.Recall.ToString("0.000", CultureInfo.InvariantCulture),
                fit.MeanOverlap.ToString("0.000", CultureInfo.InvariantCulture));
        AnsiConsole.Write(table);
    }

    private static void Write(SegmentationCheck check)
    {
        foreach (var (_, split) in check.Splits)
            AnsiConsole.WriteLine($"{split.Name}: {split.Samples.Count} images, {split.Categories.Count} classes");
        Table table = new Table().AddColumns("class", "pixels", "images");
        foreach (ClassPixels entry in check.Classes)
            table.AddRow(Markup.Escape(entry.Category.Name), Percent(entry.Share), $"{entry.Images}");
        AnsiConsole.Write(table);
        AnsiConsole.WriteLine($"{Percent((double)check.Ignored / Math.Max(1, check.Pixels))} of the pixels are ignored.");
    }

    private static string Percent(double share) => (100 * share).ToString("0.00", CultureInfo.InvariantCulture) + "%";
}
