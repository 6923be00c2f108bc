using System.Globalization;
using System.Xml;
using System.Xml.Linq;

namespace Vision.Data;

/// <summary>The contents of a VOC annotation file; values that it does not give are null.</summary>
internal sealed record VocAnnotation(string? ImageName, int? Width, int? Height, IReadOnlyList<VocAnnotation.Item> Objects)
{
    /// <summary>One object; <see cref="Fault"/> tells why it is unusable.</summary>
    internal sealed record Item(string? Name, Box? Box, bool Difficult, string? Fault);

    /// <exception cref="XmlException">The file is not VOC XML.</exception>
    public static VocAnnotation Read(string file)
    {
        XElement root = XDocument.Load(file).Root!;
        if (root.Name.LocalName != "annotation")
            throw new XmlException($"The root is <{root.Name.LocalName}> instead of VOC's <annotation>.");
        XElement? size = root.Element("size");
        return new(root.Element("filename")?.Value.Trim(), Whole(size?.Element("width")), Whole(size?.Element("height")),
            [.. root.Elements("object").Select(Parse)]);
    }

    private static Item Parse(XElement element)
    {
        string? name = element.Element("name")?.Value.Trim();
        if (string.IsNullOrEmpty(name)) return new(null, null, false, "lacks <name>");
        bool difficult = element.Element("difficult")?.Value.Trim() is "1" or "true" or "True";

        XElement? corners = element.Element("bndbox");
        if (corners is null) return new(name, null, difficult, "lacks <bndbox>");
        Span<float> numbers = stackalloc float[4];
        string[] fields = ["xmin", "ymin", "xmax", "ymax"];
        for (int i = 0; i < fields.Length; i++)
        {
            if (corners.Element(fields[i]) is not { } corner) return new(name, null, difficult, $"lacks <{fields[i]}>");
            if (Number(corner) is not { } value) return new(name, null, difficult, $"<{fields[i]}> is '{corner.Value}', not a number");
            numbers[i] = value;
        }
        return new(name, new Box(numbers[0], numbers[1], numbers[2], numbers[3]), difficult, null);
    }

    private static float? Number(XElement? element) =>
        float.TryParse(element?.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out float value)
            && float.IsFinite(value) ? value : null;

    private static int? Whole(XElement? element) => Number(element) is { } value ? (int)value : null;
}
