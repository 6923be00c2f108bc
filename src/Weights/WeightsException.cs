namespace Vision.Weights;

/// <summary>A weights file cannot be used. The message is one line: the file, what is wrong with it, and what to do.</summary>
public class WeightsException : InputException
{
    /// <summary>Creates the exception with a message that names the file, the problem and the remedy.</summary>
    public WeightsException(string message, Exception? inner = null) : base(message, inner) { }
}
