namespace Vision.Data;

/// <summary>VOC's instance masks: <c>SegmentationObject/ID.png</c> holds k in the pixels of the k-th object of
/// the XML file, 0 in the background and 255 on borders.</summary>
internal static class VocMasks
{
    private const byte Border = 255;

    /// <summary>The mask file of an annotation file; null if there is none.</summary>
    public static string? FileOf(string annotationFile)
    {
        string? root = Path.GetDirectoryName(Path.GetDirectoryName(annotationFile));
        string file = Path.Combine(root ?? "", "SegmentationObject", Path.GetFileNameWithoutExtension(annotationFile) + ".png");
        return File.Exists(file) ? file : null;
    }

    /// <summary>The segment of each object, in the order of the XML file, or the problem with the file. Has no side effects.</summary>
    public static (Segment?[] Segments, DatasetProblem? Problem) Read(string file, int count, int width, int height)
    {
        try
        {
            (byte[] values, int w, int h) = IndexPng.Read(file);
            if ((w, h) != (width, height))
                return ([], new(DatasetProblemKind.BadSegment, file, null,
                    $"the mask is {w}×{h}, but its image is {width}×{height}; left out"));
            byte highest = values.Where(value => value != Border).DefaultIfEmpty<byte>(0).Max();
            if (highest > count)
                return ([], new(DatasetProblemKind.BadSegment, file, null,
                    $"the mask has object {highest}, but there are only {count} annotations; left out"));
            return ([.. Enumerable.Range(1, count).Select(number => Of(values, (byte)number, w, h))], null);
        }
        catch (InputException exception)
        {
            string message = exception.Message;
            return ([], new(DatasetProblemKind.BadSegment, file, null,
                message.StartsWith(file + ": ", StringComparison.Ordinal) ? message[(file.Length + 2)..] : message));
        }
    }

    private static Segment? Of(byte[] values, byte number, int width, int height)
    {
        byte[] mask = new byte[values.Length];
        bool any = false;
        for (int i = 0; i < values.Length; i++)
        {
            if (values[i] != number) continue;
            mask[i] = 1;
            any = true;
        }
        return any ? new() { Runs = RleMask.Encode(mask, width, height) } : null;
    }
}
