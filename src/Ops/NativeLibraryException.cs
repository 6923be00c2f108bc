namespace Vision.Ops;

/// <summary>
/// A native library under the toolkit, such as libtorch, cannot be loaded. The message is one line with the reason and the remedy.
/// </summary>
public sealed class NativeLibraryException : InputException
{
    internal NativeLibraryException(string message, Exception? inner = null) : base(message, inner) { }

    /// <summary>The failure itself where it is one of these, or the first of its causes that is; null if none is.</summary>
    public static NativeLibraryException? In(Exception? failure) => failure switch
    {
        NativeLibraryException found => found,
        AggregateException all => all.InnerExceptions.Select(In).FirstOrDefault(found => found is not null),
        _ => failure is null ? null : In(failure.InnerException),
    };
}
