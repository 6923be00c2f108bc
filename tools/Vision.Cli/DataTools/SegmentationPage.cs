using System.Globalization;
using System.Text;
using Vision.Data;
using Vision.Visualization;

namespace Vision.Cli.DataTools;

/// <summary>The HTML page of a segmentation data set.</summary>
internal static class SegmentationPage
{
    /// <summary>Writes the page; the file is either complete or absent.</summary>
    /// <exception cref="InputException">It cannot be written.</exception>
    public static void Write(string path, string folder, SegmentationCheck check)
    {
        SegmentationPainter painter =
            new([.. check.Classes.Select(entry => entry.Category)], check.Splits.Count > 0 ? check.Splits[0].Data.Colors : null);
        CheckPage.Write(path, folder, Splits(check), Classes(check, painter), check.Report,
            [.. check.Samples.Select(entry => entry.Sample.File)], new MapThumbnails(check, painter).Of);
    }

    private static string Splits(SegmentationCheck check)
    {
        StringBuilder table = new("<table><tr><th>split</th><th class=n>images</th></tr>");
        foreach (var (name, split) in check.Splits)
            table.Append($"<tr><td>{CheckPage.Text(name)}</td><td class=n>{split.Samples.Count}</td></tr>");
        return table.Append($"</table><p>{Percent((double)check.Ignored / Math.Max(1, check.Pixels))} of the pixels are ignored.</p>")
            .ToString();
    }

    private static string Classes(SegmentationCheck check, SegmentationPainter painter)
    {
        double most = check.Classes.Select(entry => entry.Share).DefaultIfEmpty().Max();
        StringBuilder table = new("<table><tr><th>class</th><th class=n>pixels</th><th></th><th class=n>images</th></tr>");
        foreach (var (place, entry) in check.Classes.Index().OrderByDescending(entry => entry.Item.Pixels))
        {
            table.Append(
                $"<tr><td><span class=color style=\"background:{painter.ColorOf(place)}\"></span>{CheckPage.Text(entry.Category.Name)}</td>"
                + $"<td class=n>{Percent(entry.Share)}</td>{CheckPage.Bar(most > 0 ? entry.Share / most : 0)}"
                + $"<td class=n>{entry.Images}</td></tr>");
        }
        return table.Append("</table>").ToString();
    }

    private static string Percent(double share) => (100 * share).ToString("0.00", CultureInfo.InvariantCulture) + "%";
}
