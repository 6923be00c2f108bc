namespace Vision.Ops;

/// <summary>
/// One of the toolkit's native libraries, such as libtorch, cannot be loaded. The message is one line with the reason and the remedy.
/// </summary>
public sealed class NativeLibraryException : InputException
{
    internal NativeLibraryException(string message, Exception? inner = null) : base(message, inner) { }

    /// <summary>The first exception of this type among the failure and its inner exceptions; null if there is none.</summary>
    public static NativeLibraryException? In(Exception? failure) => failure switch
    {
        NativeLibraryException found => found,
        AggregateException all => all.InnerExceptions.Select(In).FirstOrDefault(found => found is not null),
        _ => failure is null ? null : In(failure.InnerException),
    };
}
