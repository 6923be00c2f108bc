using System.Text.Json;
using System.Text.Json.Serialization;

namespace Vision.Training;

/// <summary>A batch of which every process has a part.</summary>
/// <param name="Images">The number of its images in all processes.</param>
/// <param name="Losses">The mean losses over them.</param>
/// <param name="IsComplete">Whether every process has at least one of them.</param>
internal sealed record SharedBatch(int Images, IReadOnlyList<KeyValuePair<string, double>> Losses, bool IsComplete)
{
    private static readonly JsonSerializerOptions json = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    /// <summary>The whole batch, of the parts of all processes.</summary>
    /// <param name="group">The processes.</param>
    /// <param name="images">The number of images of this process's part; 0 if it has none.</param>
    /// <param name="losses">Their losses; empty without images.</param>
    public static SharedBatch Of(ProcessGroup group, int images, IReadOnlyList<KeyValuePair<string, double>> losses)
    {
        if (group.Size == 1) return new(images, losses, images > 0);
        Part[] parts = [.. group.Gather(JsonSerializer.SerializeToUtf8Bytes(new Part(images, losses), json))
            .Select(bytes => JsonSerializer.Deserialize<Part>(bytes, json)!)];
        int all = parts.Sum(part => part.Images);
        // In the order of the ranks, so that every process has the same sums to the bit.
        Dictionary<string, double> means = [];
        foreach (Part part in parts)
            foreach (var (name, value) in part.Losses)
                means[name] = means.GetValueOrDefault(name) + value * part.Images / all;
        return new(all, [.. means], parts.All(part => part.Images > 0));
    }

    private sealed record Part(int Images, IReadOnlyList<KeyValuePair<string, double>> Losses);
}
