using System.Text.Json;
using System.Text.Json.Serialization;
using Vision.Data;

namespace Vision.Training;

/// <summary>An evaluation of which every process does a part: the first one gets the results, and all get the figures.</summary>
internal static class SharedEvaluation
{
    private static readonly JsonSerializerOptions json = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    /// <summary>Collects the results of all processes in the first one.</summary>
    /// <param name="group">The processes.</param>
    /// <param name="collect">Predicts a part of the images, or all.</param>
    /// <param name="write">Writes results for the first process.</param>
    /// <param name="add">Adds what another process wrote.</param>
    /// <returns>All results in the first process; null in others.</returns>
    /// <exception cref="OperationCanceledException">A process was canceled; then all throw this.</exception>
    public static TResults? Collect<TResults>(ProcessGroup group, Func<LoaderPart?, TResults> collect,
        Action<TResults, BinaryWriter> write, Action<TResults, BinaryReader> add) where TResults : class
    {
        if (group.Size == 1) return collect(null);
        TResults? own = null;
        try
        {
            own = collect(new(group.Rank, group.Size, WholeBatches: true));
        }
        catch (OperationCanceledException)
        {
            // The others learn of it next.
        }
        if (group.Gather([own is null ? (byte)1 : (byte)0]).Any(canceled => canceled[0] != 0)) throw new OperationCanceledException();
        using MemoryStream written = new();
        if (!group.IsFirst) write(own!, new(written));
        if (group.GatherToFirst(written.ToArray()) is not { } all) return null;
        foreach (byte[] other in all.Skip(1)) add(own!, new(new MemoryStream(other)));
        return own;
    }

    /// <summary>The first process's figures, in all.</summary>
    /// <param name="group">The processes.</param>
    /// <param name="own">The figures; only those of the first process count.</param>
    public static ValidationResult FromFirst(ProcessGroup group, ValidationResult? own)
    {
        if (group.Size == 1) return own!;
        string text = group.FromFirst(group.IsFirst ? JsonSerializer.Serialize(own, json) : "");
        return group.IsFirst ? own! : JsonSerializer.Deserialize<ValidationResult>(text, json)!;
    }
}
