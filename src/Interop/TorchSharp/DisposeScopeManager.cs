namespace TorchSharp;

/// <summary>The dispose scopes of each thread, innermost last.</summary>
public class DisposeScopeManager
{
    [ThreadStatic] private static DisposeScope? current;

    /// <summary>The calling thread's innermost scope, where new tensors register; null outside all scopes.</summary>
    internal static DisposeScope? Current
    {
        get => current;
        set => current = value;
    }

    internal static DisposeScope NewDisposeScope() => current = new DisposeScope(current);
}
