using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Owns what is made while it is the calling thread's innermost scope, and frees it when it ends.</summary>
/// <remarks>A tensor knows its place in its scope's list, so that registering it and taking it out cost the same however many there are.</remarks>
public sealed class DisposeScope : IDisposable
{
    private const int CompactFrom = 64;

    private readonly DisposeScope? outer;
    private List<IDisposable?> owned = [];
    private int count;

    internal DisposeScope(DisposeScope? outer) => this.outer = outer;

    public int DisposablesCount => count;

    public IReadOnlyList<IDisposable> DisposablesView => owned.OfType<IDisposable>().ToList();

    internal void Register(Tensor tensor)
    {
        tensor.OwningDisposeScope = this;
        tensor.PlaceInScope = owned.Count;
        owned.Add(tensor);
        count++;
    }

    /// <summary>Takes a disposable out of this scope without freeing it; does nothing where it is not in it.</summary>
    internal void Release(IDisposable disposable)
    {
        int place = disposable is Tensor tensor ? tensor.PlaceInScope : owned.IndexOf(disposable);
        if (place < 0 || place >= owned.Count || !ReferenceEquals(owned[place], disposable)) return;
        owned[place] = null;
        count--;
        if (disposable is Tensor released) released.OwningDisposeScope = null;
        if (place == owned.Count - 1) owned.RemoveAt(place);  // the usual case: a temporary freed at once
        else if (owned.Count > CompactFrom && count < owned.Count / 2) Compact();
    }

    /// <summary>Closes the gaps that released disposables left, or a long-lived scope would grow with every tensor that it ever saw.</summary>
    private void Compact()
    {
        owned.RemoveAll(disposable => disposable is null);
        for (int i = 0; i < owned.Count; i++)
            if (owned[i] is Tensor tensor) tensor.PlaceInScope = i;
    }

    /// <summary>Puts <paramref name="successor"/> in the place of <paramref name="tensor"/>, whose native tensor it took over.</summary>
    internal static void ReplaceWith(Tensor tensor, Tensor successor)
    {
        DisposeScope? scope = tensor.OwningDisposeScope;
        if (scope is null) return;
        scope.Release(tensor);
        scope.Register(successor);
    }

    public T MoveToOuter<T>(T disposable) where T : IDisposable => MoveTo(outer, disposable);

    public (T1 first, T2 second) MoveToOuter<T1, T2>(T1 first, T2 second) where T1 : IDisposable where T2 : IDisposable =>
        (MoveTo(outer, first), MoveTo(outer, second));

    public (T1 first, T2 second, T3 third) MoveToOuter<T1, T2, T3>(T1 first, T2 second, T3 third) where T1 : IDisposable where T2 : IDisposable where T3 : IDisposable =>
        (MoveTo(outer, first), MoveTo(outer, second), MoveTo(outer, third));

    public void MoveToOuter(params IDisposable[] disposables) => MoveToOuter((IEnumerable<IDisposable>)disposables);

    public void MoveToOuter(IEnumerable<IDisposable> disposables)
    {
        foreach (IDisposable disposable in disposables) MoveTo(outer, disposable);
    }

    public T MoveToOther<T>(DisposeScope? scope, T disposable) where T : IDisposable => MoveTo(scope, disposable);

    public T Detach<T>(T disposable) where T : IDisposable => MoveTo(null, disposable);

    public (T1 first, T2 second) Detach<T1, T2>(T1 first, T2 second) where T1 : IDisposable where T2 : IDisposable =>
        (MoveTo(null, first), MoveTo(null, second));

    public (T1 first, T2 second, T3 third) Detach<T1, T2, T3>(T1 first, T2 second, T3 third) where T1 : IDisposable where T2 : IDisposable where T3 : IDisposable =>
        (MoveTo(null, first), MoveTo(null, second), MoveTo(null, third));

    public void Detach(params IDisposable[] disposables) => Detach((IEnumerable<IDisposable>)disposables);

    public void Detach(IEnumerable<IDisposable> disposables)
    {
        foreach (IDisposable disposable in disposables) MoveTo(null, disposable);
    }

    public void Attach(IDisposable disposable)
    {
        if (disposable is Tensor tensor)
        {
            tensor.OwningDisposeScope?.Release(tensor);
            Register(tensor);
        }
        else
        {
            owned.Add(disposable);
            count++;
        }
    }

    public void Attach(params IDisposable[] disposables)
    {
        foreach (IDisposable disposable in disposables) Attach(disposable);
    }

    public bool Contains(IDisposable disposable) => owned.Contains(disposable);

    public void MarkAsDisposed(IDisposable disposable) => Release(disposable);

    public void DisposeEverything() => DisposeEverythingBut([]);

    public void DisposeEverythingBut(params IDisposable[] keep) => DisposeEverythingBut((IEnumerable<IDisposable>)keep);

    public void DisposeEverythingBut(IEnumerable<IDisposable> inKeep)
    {
        var keep = new HashSet<IDisposable>(inKeep, ReferenceEqualityComparer.Instance);
        List<IDisposable?> all = owned;
        owned = [];
        count = 0;
        foreach (IDisposable? disposable in all)
        {
            if (disposable is null) continue;
            if (disposable is Tensor tensor) tensor.OwningDisposeScope = null;
            if (keep.Contains(disposable)) Attach(disposable);
            else disposable.Dispose();
        }
    }

    public T DisposeEverythingBut<T>(T keep) where T : IDisposable
    {
        DisposeEverythingBut([keep]);
        return keep;
    }

    /// <summary>Frees what is still in the scope and makes the outer scope the thread's innermost one again.</summary>
    public void Dispose()
    {
        if (ReferenceEquals(DisposeScopeManager.Current, this)) DisposeScopeManager.Current = outer;
        List<IDisposable?> all = owned;
        owned = [];
        count = 0;
        foreach (IDisposable? disposable in all)
        {
            if (disposable is Tensor tensor) tensor.OwningDisposeScope = null;
            disposable?.Dispose();
        }
    }

    private static T MoveTo<T>(DisposeScope? scope, T disposable) where T : IDisposable
    {
        if (disposable is Tensor tensor) tensor.OwningDisposeScope?.Release(tensor);
        scope?.Attach(disposable);
        return disposable;
    }
}
