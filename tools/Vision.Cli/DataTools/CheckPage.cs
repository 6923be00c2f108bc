using System.Net;
using System.Text;
using Vision.Data;
using Vision.Weights;

namespace Vision.Cli.DataTools;

/// <summary>The check of a data set as a single HTML file with embedded pictures:
/// its splits, problems and classes, and some of its images.</summary>
internal static class CheckPage
{
    private const int MostOfKind = 200, PicturesOfKind = 8, Samples = 24;

    /// <summary>Writes the page; the file is either complete or absent.</summary>
    /// <param name="path">The file.</param>
    /// <param name="folder">The data set's folder.</param>
    /// <param name="splits">The table of splits.</param>
    /// <param name="classes">The table of classes.</param>
    /// <param name="report">The problems found.</param>
    /// <param name="images">All images, of which some are shown.</param>
    /// <param name="figureOf">Returns the picture of a file; null if it is not a readable image.</param>
    /// <exception cref="InputException">It cannot be written.</exception>
    public static void Write(string path, string folder, string splits, string classes, DatasetReport report, IReadOnlyList<string> images,
        Func<string, string?> figureOf)
    {
        StringBuilder page = new(HtmlPage.Head(
            $"{Path.GetFileName(Path.GetFullPath(folder).TrimEnd(Path.DirectorySeparatorChar))}: data set check"));
        page.Append(splits);
        Problems(page, report, figureOf);
        page.Append("<h2>Classes</h2>").Append(classes).Append("<h2>Some images</h2>");
        int step = Math.Max(1, images.Count / Samples);
        Show(page, images.Where((_, i) => i % step == 0).Take(Samples).Select(figureOf).OfType<string>());
        page.Append("</body></html>\n");

        try
        {
            AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(page.ToString())));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"--html {path} cannot be written ({exception.Message}); choose another folder.", exception);
        }
    }

    /// <summary>A text as HTML.</summary>
    public static string Text(string text) => WebUtility.HtmlEncode(text);

    /// <summary>A cell with a bar, as a fraction of the widest one.</summary>
    public static string Bar(double part) => $"<td style=\"width:20em\"><div class=bar style=\"width:{(int)(100 * part)}%\"></div></td>";

    private static void Problems(StringBuilder page, DatasetReport report, Func<string, string?> figureOf)
    {
        page.Append("<h2>Problems</h2>");
        if (report.Problems.Count == 0) page.Append("<p>None found.</p>");
        foreach (var kind in CheckReport.Kinds(report))
        {
            string severity = CheckReport.Severity(kind.Key);
            page.Append(
                $"<details{(kind.Key.IsError() ? " open" : "")}>" +
                $"<summary class={severity}>{severity}: {kind.Key}, {kind.Count()}</summary><ul>");
            foreach (DatasetProblem problem in kind.Take(MostOfKind)) page.Append($"<li>{Text(problem.ToString())}</li>");
            page.Append("</ul>");
            if (kind.Count() > MostOfKind) page.Append($"<p>and {kind.Count() - MostOfKind} more</p>");
            Show(page, kind.Select(problem => problem.File).Distinct().Select(figureOf).OfType<string>().Take(PicturesOfKind));
            page.Append("</details>");
        }
    }

    private static void Show(StringBuilder page, IEnumerable<string> figures) =>
        page.Append("<div class=pictures>").AppendJoin("", figures).Append("</div>");
}
