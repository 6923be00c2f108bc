namespace Vision.Training;

/// <summary>The results of an evaluation's part, with remarks on it.</summary>
/// <typeparam name="TResults">The results.</typeparam>
internal sealed class Noted<TResults>((TResults Results, IReadOnlyList<string> Notes) part)
{
    private readonly List<string> notes = [.. part.Notes];

    /// <summary>The results.</summary>
    public TResults Results => part.Results;

    /// <summary>The remarks of all parts.</summary>
    public IReadOnlyList<string> Notes => notes;

    /// <summary>Writes both for another process.</summary>
    public void Write(BinaryWriter writer, Action<BinaryWriter> results)
    {
        writer.Write(notes.Count);
        foreach (string note in notes) writer.Write(note);
        results(writer);
    }

    /// <summary>Adds what another process wrote.</summary>
    public void Add(BinaryReader reader, Action<BinaryReader> results)
    {
        for (int left = reader.ReadInt32(); left > 0; left--) notes.Add(reader.ReadString());
        results(reader);
    }
}
