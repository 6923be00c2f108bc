using System.Globalization;
using System.Text;
using Vision.Data;
using Vision.Detection;

namespace Vision.Cli.DataTools;

/// <summary>The HTML page of an object detection data set.</summary>
internal static class DatasetPage
{
    /// <summary>Writes the page; the file is either complete or absent.</summary>
    /// <exception cref="InputException">It cannot be written.</exception>
    public static void Write(string path, string folder, DatasetCheck check, IReadOnlyList<AnchorFit> fits) =>
        CheckPage.Write(path, folder, Splits(check), Classes(check, fits), check.Report,
            [.. check.Samples.Select(entry => entry.Sample.File)], new Thumbnails(check).Of);

    private static string Splits(DatasetCheck check)
    {
        StringBuilder table = new("<table><tr><th>split</th><th class=n>images</th><th class=n>objects</th><th class=n>crowds</th>"
            + "<th class=n>without objects</th></tr>");
        foreach (var (name, split) in check.Splits)
        {
            table.Append(
                $"<tr><td>{CheckPage.Text(name)}</td><td class=n>{split.Samples.Count}</td>"
                + $"<td class=n>{split.Samples.Sum(sample => sample.Objects.Count)}</td>"
                + $"<td class=n>{split.Samples.Sum(sample => sample.Objects.Count(item => item.IsCrowd))}</td>"
                + $"<td class=n>{split.Samples.Count(sample => sample.Objects.Count == 0)}</td></tr>");
        }
        return table.Append("</table>").ToString();
    }

    private static string Classes(DatasetCheck check, IReadOnlyList<AnchorFit> fits)
    {
        Annotation[] objects = [.. check.Samples.SelectMany(entry => entry.Sample.Objects)
            .Where(item => item.Label <= check.Categories.Count)];
        var counts = check.Categories.Select((category, i) => (category, Own: objects.Where(item => item.Label == i + 1).ToArray()))
            .OrderByDescending(entry => entry.Own.Length).ToArray();
        int most = Math.Max(1, counts.Select(entry => entry.Own.Length).DefaultIfEmpty().Max());
        StringBuilder table = new("<table><tr><th>class</th><th class=n>objects</th><th></th><th class=n>median size</th>"
            + (fits.Count > 0 ? "<th class=n>anchor recall</th>" : "") + "</tr>");
        foreach (var (category, own) in counts)
        {
            double[] sides = [.. own.Select(item => Math.Sqrt(item.Box.Area)).Order()];
            string side = sides.Length == 0 ? "" : sides[sides.Length / 2].ToString("0", CultureInfo.InvariantCulture) + " px";
            string recall = fits.FirstOrDefault(fit => fit.Category == category) is { } found
                ? found.Recall.ToString("0.00", CultureInfo.InvariantCulture)
                : "";
            table.Append(
                $"<tr><td>{CheckPage.Text(category.Name)}</td><td class=n>{own.Length}</td>{CheckPage.Bar((double)own.Length / most)}"
                + $"<td class=n>{side}</td>{(fits.Count == 0 ? "" : $"<td class=n>{recall}</td>")}</tr>");
        }
        return table.Append("</table>").ToString();
    }
}
