namespace Vision.Data;

/// <summary>One problem found in a data set, and what was done about it.</summary>
/// <param name="Kind">The kind of problem.</param>
/// <param name="File">The file it is in: an image or an annotation file.</param>
/// <param name="Object">The object in that file, such as <c>annotation 1768</c> or <c>object 3</c>;
/// null if it concerns the whole file.</param>
/// <param name="Detail">What was found, in words.</param>
public sealed record DatasetProblem(DatasetProblemKind Kind, string File, string? Object, string Detail)
{
    /// <summary>One line: file, object, detail.</summary>
    public override string ToString() => Object is null ? $"{File}: {Detail}" : $"{File}: {Object}: {Detail}";

    /// <summary>The problem of an image that could not be read; the exception's message begins with the file name.</summary>
    internal static DatasetProblem Unreadable(string file, InputException exception)
    {
        string message = exception.Message, prefix = $"{file}: ";
        return new(DatasetProblemKind.UnreadableImage, file, null,
            message.StartsWith(prefix, StringComparison.Ordinal) ? message[prefix.Length..] : message);
    }
}
