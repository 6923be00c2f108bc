using System.Text;
using OpenCvSharp;
using Vision.Cli.DataTools;
using Vision.Cli.Output;
using Vision.Visualization;

namespace Vision.Cli.Experiments;

/// <summary>A comparison of runs as a single HTML file with an embedded plot.</summary>
internal static class ComparisonPage
{
    /// <summary>Writes the page; the file is either complete or absent.</summary>
    public static void Write(FileInfo file, ComparisonReport report)
    {
        var (headers, rows) = report.Table();
        int options = Math.Max(1, report.Comparison.Options.Count);
        StringBuilder page = new(HtmlPage.Head($"{rows.Length} models compared by {report.Comparison.Metric}"));
        page.Append("<table><tr>");
        foreach (var (i, header) in headers.Index()) page.Append($"<th{Kind(i)}>{CheckPage.Text(header)}</th>");
        page.Append("</tr>");
        foreach (string[] row in rows)
            page.Append("<tr>").AppendJoin("", row.Select((cell, i) => $"<td{Kind(i)}>{CheckPage.Text(cell)}</td>")).Append("</tr>");
        page.Append("</table>");
        foreach (string note in report.Notes()) page.Append($"<p>{CheckPage.Text(note)}</p>");
        if (report.IsTimed)
        {
            using Mat plot = Plot(report);
            using Mat blueFirst = new();
            Cv2.CvtColor(plot, blueFirst, ColorConversionCodes.RGB2BGR);
            Cv2.ImEncode(".png", blueFirst, out byte[] bytes);
            page.Append("<h2>Accuracy against time</h2>" +
                $"<img alt=\"{CheckPage.Text(report.Comparison.Metric)} against milliseconds per image\" " +
                $"src=\"data:image/png;base64,{Convert.ToBase64String(bytes)}\"><p>The upper left is best. The line joins the models " +
                "that none beats in both; bars are the standard deviation over the seeds.</p>");
        }
        page.Append("<h2>Runs</h2><ul>");
        foreach (var group in report.Comparison.Groups)
            page.Append($"<li>{CheckPage.Text(group.Name)}<ul>").AppendJoin("", group.Runs.Select(run =>
                $"<li>{CheckPage.Text(run.Files.Folder)}: {run.Score:0.0000}" +
                $"{(run.Seconds is { } seconds ? $", trained in {DurationText.Of(seconds)}" : "")}</li>")).Append("</ul></li>");
        TextFile.Write(file, page.Append("</ul></body></html>\n").ToString());

        string Kind(int column) => column < options ? "" : " class=n";
    }

    /// <summary>The metric against the time per image.</summary>
    public static Mat Plot(ComparisonReport report) =>
        TradeOffPlot.Render(report.Points(), $"{report.Comparison.Metric} against time",
            "ms per image on this machine", report.Comparison.Metric);
}
