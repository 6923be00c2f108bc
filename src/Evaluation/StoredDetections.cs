using System.Runtime.InteropServices;
using Vision.Data;

namespace Vision.Evaluation;

/// <summary>Detections as bytes, bit for bit, for another process of the same program.</summary>
internal static class StoredDetections
{
    /// <summary>Writes detections; classes and tracks are left out, since metrics do not use them.</summary>
    public static void Write(BinaryWriter writer, Detections detections)
    {
        WriteAll(writer, detections.Boxes);
        WriteAll(writer, detections.Labels);
        WriteAll(writer, detections.Scores);
        writer.Write(detections.Masks is not null);
        foreach (RleMask mask in detections.Masks ?? [])
        {
            writer.Write(mask.Width);
            writer.Write(mask.Height);
            WriteAll(writer, mask.Counts);
        }
        writer.Write(detections.Keypoints is not null);
        foreach (Keypoint[] points in detections.Keypoints ?? []) WriteAll<Keypoint>(writer, points);
    }

    /// <summary>Reads detections.</summary>
    public static Detections Read(BinaryReader reader)
    {
        Box[] boxes = ReadAll<Box>(reader);
        return new()
        {
            Boxes = boxes,
            Labels = ReadAll<int>(reader),
            Scores = ReadAll<float>(reader),
            Masks = reader.ReadBoolean()
                ? [.. boxes.Select(_ => new RleMask(reader.ReadInt32(), reader.ReadInt32(), ReadAll<uint>(reader)))] : null,
            Keypoints = reader.ReadBoolean() ? [.. boxes.Select(_ => ReadAll<Keypoint>(reader))] : null,
        };
    }

    private static void WriteAll<T>(BinaryWriter writer, ReadOnlySpan<T> values) where T : unmanaged
    {
        writer.Write(values.Length);
        writer.Write(MemoryMarshal.AsBytes(values));
    }

    private static void WriteAll<T>(BinaryWriter writer, T[] values) where T : unmanaged => WriteAll<T>(writer, values.AsSpan());

    private static T[] ReadAll<T>(BinaryReader reader) where T : unmanaged
    {
        T[] values = new T[reader.ReadInt32()];
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }
}
