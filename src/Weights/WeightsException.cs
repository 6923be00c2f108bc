namespace Vision.Weights;

/// <summary>A weight file cannot be used. The message is one line: the file, what is wrong with it, and what to do.</summary>
public class WeightsException : InputException
{
    /// <summary>Says which file, what is wrong and what to do.</summary>
    public WeightsException(string message, Exception? inner = null) : base(message, inner) { }
}
