using TorchSharp;
using static TorchSharp.torch;

namespace Vision.Interop.Tests;

public class DisposeScopeTests
{
    [Fact]
    public void WhatIsMadeInAScopeEndsWithIt()
    {
        Tensor a, b;
        using (NewDisposeScope())
        {
            a = ones(2);
            b = a + 1;
        }
        Assert.True(a.IsInvalid);
        Assert.True(b.IsInvalid);
        Assert.Throws<InvalidOperationException>(() => a.sum());
    }

    [Fact]
    public void WhatIsMadeOutsideStays()
    {
        using Tensor a = ones(2);
        using (NewDisposeScope()) a.add_(1);
        Assert.False(a.IsInvalid);
    }

    [Fact]
    public void ScopesNest()
    {
        using var outer = NewDisposeScope();
        Tensor before = ones(1), inside, moved, twice;
        using (NewDisposeScope())
        {
            inside = ones(1);
            moved = ones(1).MoveToOuterDisposeScope();
            using (NewDisposeScope()) twice = ones(1).MoveToOuterDisposeScope().MoveToOuterDisposeScope();
        }
        Tensor after = ones(1);
        Assert.True(inside.IsInvalid);
        Assert.False(moved.IsInvalid);
        Assert.False(twice.IsInvalid);
        Assert.Equal(4, outer.DisposablesCount);
        outer.Dispose();
        Assert.All([before, moved, twice, after], tensor => Assert.True(tensor.IsInvalid));
    }

    [Fact]
    public void MovedOutOfTheOutermostScopeATensorIsItsHoldersOwn()
    {
        Tensor kept, detached;
        using (NewDisposeScope())
        {
            kept = ones(2).MoveToOuterDisposeScope();
            detached = ones(2).DetachFromDisposeScope();
        }
        Assert.Equal(2f, kept.sum().item<float>());
        Assert.Equal(2f, detached.sum().item<float>());
        kept.Dispose();
        detached.Dispose();
    }

    [Fact]
    public void ADisposedTensorLeavesItsScope()
    {
        using var scope = NewDisposeScope();
        Tensor a = ones(2), b = ones(2);
        a.Dispose();
        a.Dispose();
        Assert.Equal(1, scope.DisposablesCount);
        Assert.True(scope.Contains(b));
        Assert.False(scope.Contains(a));
    }

    [Fact]
    public void EverythingButTheKeptIsDisposed()
    {
        using var scope = NewDisposeScope();
        Tensor kept = ones(2), other = ones(2);
        scope.DisposeEverythingBut(kept);
        Assert.False(kept.IsInvalid);
        Assert.True(other.IsInvalid);
        scope.DisposeEverything();
        Assert.True(kept.IsInvalid);
    }

    [Fact]
    public void AnExceptionEndsTheScopeToo()
    {
        Tensor? a = null;
        Assert.Throws<InvalidTimeZoneException>(Fail);
        Assert.True(a!.IsInvalid);

        void Fail()
        {
            using var scope = NewDisposeScope();
            a = ones(2);
            throw new InvalidTimeZoneException();
        }
    }

    [Fact]
    public void ScopesAreOfTheirThread()
    {
        using var scope = NewDisposeScope();
        Tensor? elsewhere = null;
        Thread thread = new(() => elsewhere = ones(2));
        thread.Start();
        thread.Join();
        Assert.Equal(0, scope.DisposablesCount);
        elsewhere!.Dispose();
    }

    [Fact]
    public void InPlaceOperationsGiveATensorThatLivesAsLongAsTheirOwn()
    {
        using var outer = NewDisposeScope();
        Tensor a = ones(2);
        using (NewDisposeScope()) a.add_(1).mul_(2);
        Assert.Equal(8f, a.sum().item<float>());
    }

    [Fact]
    public void ResultsThatAreListsBelongToTheScope()
    {
        long before = Tensor.TotalCount;
        using (NewDisposeScope())
        {
            Tensor a = arange(12).reshape(3, 4);
            _ = a.unbind(0);
            _ = a.split(2, 1);
            _ = a.sort(1);
            _ = a.@float().max(1);
            _ = a > 3;
        }
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void AScopeThatSeesManyTensorsComeAndGoDoesNotGrow()
    {
        using var scope = NewDisposeScope();
        Queue<Tensor> window = new();
        long before = GC.GetTotalMemory(forceFullCollection: true);
        for (int i = 0; i < 200_000; i++)
        {
            window.Enqueue(ones(1));
            if (window.Count > 8) window.Dequeue().Dispose();
        }
        long growth = GC.GetTotalMemory(forceFullCollection: true) - before;

        Assert.True(window.SequenceEqual<IDisposable>(scope.DisposablesView, ReferenceEqualityComparer.Instance));
        Assert.True(growth < 200_000, $"{growth} bytes");
        foreach (Tensor tensor in window) tensor.Dispose();
        Assert.Equal(0, scope.DisposablesCount);
    }
}
