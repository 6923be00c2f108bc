using System.Text.Json;
using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace Vision.Training;

/// <summary>What the processes of a run agree on: the weights they start from, and when and why they stop.</summary>
/// <param name="group">The processes.</param>
internal sealed class SharedRun(ProcessGroup group)
{
    private const int PieceBytes = 32 << 20;

    private static readonly JsonSerializerOptions json = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    /// <summary>Gives the first process's weights and statistics to all. Machines of different kinds round differently, and would drift
    /// apart.</summary>
    public void Weights(nn.Module model)
    {
        if (group.Size == 1) return;
        foreach (Tensor weight in model.state_dict().Values) group.Broadcast(weight);
    }

    /// <summary>The first process's number, in all: what depends on its clock or on rounding must not differ.</summary>
    public double FromFirst(double own)
    {
        if (group.Size == 1) return own;
        byte[] bytes = BitConverter.GetBytes(own);
        group.Broadcast(bytes);
        return BitConverter.ToDouble(bytes);
    }

    /// <summary>Takes over what the first process's callbacks and clock decided.</summary>
    /// <param name="state">The state of the run.</param>
    /// <param name="canceled">Whether this process was asked to stop.</param>
    /// <returns>Whether any process was.</returns>
    public bool Agree(TrainerState state, bool canceled)
    {
        if (group.Size == 1) return canceled;
        Decision[] all = [.. group.Gather(JsonSerializer.SerializeToUtf8Bytes(
            new Decision(canceled, state.RateFactor, state.EndedBecause), json))
            .Select(bytes => JsonSerializer.Deserialize<Decision>(bytes, json)!)];
        (state.RateFactor, state.EndedBecause) = (all[0].RateFactor, all[0].EndedBecause);
        return all.Any(decision => decision.Canceled);
    }

    /// <summary>The state of the run in the first process's checkpoint, in all: the other machines need not have the file.</summary>
    /// <param name="checkpoint">Reads it into model and optimizer.</param>
    /// <param name="path">The file, which only the first process looks for.</param>
    /// <returns>The state; null if there is no such file.</returns>
    public TrainerState? Read(Checkpoint checkpoint, string path)
    {
        if (group.Size == 1) return File.Exists(path) ? checkpoint.ReadRun(path) : null;
        TrainerState? state = group.IsFirst && File.Exists(path) ? checkpoint.ReadRun(path) : null;
        long length = (long)FromFirst(state is null ? -1 : new FileInfo(path).Length);
        if (length < 0) return null;
        string copy = group.IsFirst ? path : Path.Combine(Path.GetTempPath(), $"vision-{Guid.NewGuid():N}.safetensors");
        try
        {
            using (FileStream file = new(copy, group.IsFirst ? FileMode.Open : FileMode.CreateNew,
                group.IsFirst ? FileAccess.Read : FileAccess.ReadWrite))
            {
                byte[] piece = new byte[Math.Min(PieceBytes, length)];
                for (long left = length; left > 0; left -= piece.Length)
                {
                    Span<byte> part = piece.AsSpan(0, (int)Math.Min(piece.Length, left));
                    if (group.IsFirst) file.ReadExactly(part);
                    group.Broadcast(part);
                    if (!group.IsFirst) file.Write(part);
                }
            }
            return state ?? checkpoint.ReadRun(copy);
        }
        finally
        {
            if (!group.IsFirst) File.Delete(copy);
        }
    }

    private sealed record Decision(bool Canceled, double RateFactor, string? EndedBecause);
}
