namespace Vision;

/// <summary>The user's input is wrong: a file, a folder, an option. The message
/// is one line that names it and says what to do.</summary>
/// <remarks>A program can print the message alone; other exceptions are bugs.</remarks>
public class InputException : Exception
{
    /// <summary>Creates the exception with a message of one line that says what is wrong and what to do.</summary>
    public InputException(string message, Exception? inner = null) : base(message, inner) { }
}
