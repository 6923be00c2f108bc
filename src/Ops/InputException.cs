namespace Vision;

/// <summary>Something in what the user gave is wrong: a file, a folder, an option. The message
/// is one line that names it and says what to do.</summary>
/// <remarks>The command line prints the message alone and ends with exit code 2; other exceptions are faults of the toolkit.</remarks>
public class InputException : Exception
{
    /// <summary>Says in one line what is wrong and what to do.</summary>
    public InputException(string message, Exception? inner = null) : base(message, inner) { }
}
