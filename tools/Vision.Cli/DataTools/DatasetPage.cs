using System.Globalization;
using System.Net;
using System.Text;
using Vision.Data;
using Vision.Detection;

namespace Vision.Cli.DataTools;

/// <summary>A data set's check as one HTML file, pictures included.</summary>
internal static class DatasetPage
{
    private const int MostOfKind = 200, PicturesOfKind = 8, Samples = 24;

    private const string Style = """
        body{font:15px/1.5 system-ui,sans-serif;margin:2em auto;max-width:1100px;padding:0 1em;color:#222;background:#fff}
        table{border-collapse:collapse}td,th{padding:.15em .8em .15em 0;text-align:left;vertical-align:top}td.n,th.n{text-align:right}
        .bar{background:#4878a8;height:.8em;min-width:1px}.error{color:#b00020}.warning{color:#8a5a00}
        .pictures{display:flex;flex-wrap:wrap;gap:.8em}figure{margin:0;max-width:320px}figcaption{font-size:12px;overflow-wrap:anywhere}img{max-width:100%}
        details{margin:.4em 0}li{overflow-wrap:anywhere}
        @media (prefers-color-scheme:dark){body{color:#ddd;background:#161616}.error{color:#ff7a85}.warning{color:#e0b050}}
        """;

    /// <summary>Writes it; the file is complete or not there.</summary>
    /// <exception cref="InputException">It cannot be written.</exception>
    public static void Write(string path, string folder, DatasetCheck check, IReadOnlyList<AnchorFit> fits)
    {
        Thumbnails thumbnails = new(check);
        StringBuilder page = new();
        string title = $"{Path.GetFileName(Path.GetFullPath(folder).TrimEnd(Path.DirectorySeparatorChar))}: data set check";
        page.Append($"<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>{Text(title)}</title><style>{Style}</style></head><body><h1>{Text(title)}</h1>");
        Splits(page, check);
        Problems(page, check, thumbnails);
        Classes(page, check, fits);
        Pictures(page, check, thumbnails);
        page.Append("</body></html>\n");

        string partial = path + ".partial";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            File.WriteAllText(partial, page.ToString());
            File.Move(partial, path, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"--html {path} cannot be written ({exception.Message}); choose another folder.", exception);
        }
    }

    private static void Splits(StringBuilder page, DatasetCheck check)
    {
        page.Append("<table><tr><th>split</th><th class=n>images</th><th class=n>objects</th><th class=n>crowds</th><th class=n>without objects</th></tr>");
        foreach (var (name, split) in check.Splits)
        {
            page.Append($"<tr><td>{Text(name)}</td><td class=n>{split.Samples.Count}</td><td class=n>{split.Samples.Sum(sample => sample.Objects.Count)}</td>"
                + $"<td class=n>{split.Samples.Sum(sample => sample.Objects.Count(item => item.IsCrowd))}</td><td class=n>{split.Samples.Count(sample => sample.Objects.Count == 0)}</td></tr>");
        }
        page.Append("</table>");
    }

    private static void Problems(StringBuilder page, DatasetCheck check, Thumbnails thumbnails)
    {
        page.Append("<h2>Problems</h2>");
        if (check.Report.Problems.Count == 0) page.Append("<p>None was found.</p>");
        foreach (var kind in check.Report.Problems.GroupBy(problem => problem.Kind).OrderBy(group => group.Key.IsError() ? 0 : 1).ThenBy(group => group.Key))
        {
            string severity = kind.Key.IsError() ? "error" : "warning";
            page.Append($"<details{(kind.Key.IsError() ? " open" : "")}><summary class={severity}>{severity}: {kind.Key}, {kind.Count()}</summary><ul>");
            foreach (DatasetProblem problem in kind.Take(MostOfKind)) page.Append($"<li>{Text(problem.ToString())}</li>");
            page.Append("</ul>");
            if (kind.Count() > MostOfKind) page.Append($"<p>and {kind.Count() - MostOfKind} more</p>");
            Show(page, kind.Select(problem => problem.File).Distinct().Select(thumbnails.Of).OfType<string>().Take(PicturesOfKind));
            page.Append("</details>");
        }
    }

    private static void Classes(StringBuilder page, DatasetCheck check, IReadOnlyList<AnchorFit> fits)
    {
        Annotation[] objects = [.. check.Samples.SelectMany(entry => entry.Sample.Objects).Where(item => item.Label <= check.Categories.Count)];
        var counts = check.Categories.Select((category, i) => (category, Own: objects.Where(item => item.Label == i + 1).ToArray())).OrderByDescending(entry => entry.Own.Length).ToArray();
        int most = Math.Max(1, counts.Select(entry => entry.Own.Length).DefaultIfEmpty().Max());
        page.Append("<h2>Classes</h2><table><tr><th>class</th><th class=n>objects</th><th></th><th class=n>middle size</th>" + (fits.Count > 0 ? "<th class=n>anchor recall</th>" : "") + "</tr>");
        foreach (var (category, own) in counts)
        {
            double[] sides = [.. own.Select(item => Math.Sqrt(item.Box.Area)).Order()];
            string recall = fits.Count == 0 ? "" : $"<td class=n>{(fits.FirstOrDefault(fit => fit.Category == category) is { } fit ? fit.Recall.ToString("0.00", CultureInfo.InvariantCulture) : "")}</td>";
            page.Append($"<tr><td>{Text(category.Name)}</td><td class=n>{own.Length}</td><td style=\"width:20em\"><div class=bar style=\"width:{100 * own.Length / most}%\"></div></td>"
                + $"<td class=n>{(sides.Length == 0 ? "" : sides[sides.Length / 2].ToString("0", CultureInfo.InvariantCulture) + " px")}</td>{recall}</tr>");
        }
        page.Append("</table>");
    }

    private static void Pictures(StringBuilder page, DatasetCheck check, Thumbnails thumbnails)
    {
        page.Append("<h2>Some images</h2>");
        int step = Math.Max(1, check.Samples.Count / Samples);
        Show(page, check.Samples.Where((_, i) => i % step == 0).Take(Samples).Select(entry => thumbnails.Of(entry.Sample.File)).OfType<string>());
    }

    private static void Show(StringBuilder page, IEnumerable<string> figures) => page.Append("<div class=pictures>").AppendJoin("", figures).Append("</div>");

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
