using Vision.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A handle to a native tensor. Freed by <see cref="Dispose()"/> or by the dispose scope that it was made in; the finalizer is a safety net.</summary>
    public partial class Tensor : IDisposable
    {
        // Below this a tensor's memory does not matter to the garbage collector, and telling it costs more than the tensor.
        private const int PressureThresholdKiB = 64;

        private static long totalCount;
        private static long peakCount;

        internal nint handle;
        internal int PlaceInScope;
        internal readonly int PressureKiB;

        internal Tensor(nint handle, int ownedKiB = 0, bool register = true)
        {
            this.handle = handle;
            if (handle == 0)
            {
                // An operator's undefined result: there is nothing to own.
                GC.SuppressFinalize(this);
                return;
            }
            long alive = Interlocked.Increment(ref totalCount);
            if (alive > peakCount) peakCount = alive;
            if (ownedKiB >= PressureThresholdKiB)
            {
                PressureKiB = ownedKiB;
                NativePressure.Change((long)ownedKiB << 10);
            }
            if (register) DisposeScopeManager.Current?.Register(this);
        }

        ~Tensor() => Free();

        /// <summary>Tensors that are alive in this process.</summary>
        public static long TotalCount => Interlocked.Read(ref totalCount);

        /// <summary>The most that were ever alive at once.</summary>
        public static long PeakCount => peakCount;

        public string? name { get; set; }

        public bool IsInvalid => handle == 0;

        public nint Handle => handle != 0 ? handle : throw new InvalidOperationException("Tensor invalid -- empty handle.");

        internal DisposeScope? OwningDisposeScope { get; set; }

        public static Tensor UnsafeCreateTensor(nint handle) => new(handle);

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            OwningDisposeScope?.Release(this);
            Free();
        }

        public Tensor MoveToOuterDisposeScope()
        {
            OwningDisposeScope?.MoveToOuter(this);
            return this;
        }

        public Tensor DetachFromDisposeScope()
        {
            OwningDisposeScope?.Release(this);
            return this;
        }

        public Tensor MoveToOtherDisposeScope(Tensor other) => MoveToOtherDisposeScope(other.OwningDisposeScope);

        public Tensor MoveToOtherDisposeScope(DisposeScope? other)
        {
            OwningDisposeScope?.Release(this);
            other?.Attach(this);
            return this;
        }

        public Tensor alias() => new(Libtorch.Checked(Libtorch.vt_tensor_alias(Handle)));

        /// <summary>Gives up the native tensor to the caller, who owns it from now on; this object is then empty.</summary>
        internal nint MoveHandle()
        {
            nint moved = Handle;
            handle = 0;
            Forget();
            GC.SuppressFinalize(this);
            return moved;
        }

        public override bool Equals(object? obj) => ReferenceEquals(this, obj);

        public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);

        private void Free()
        {
            nint freed = Interlocked.Exchange(ref handle, 0);
            if (freed == 0) return;
            Libtorch.vt_tensor_free(freed);
            Forget();
        }

        private void Forget()
        {
            Interlocked.Decrement(ref totalCount);
            if (PressureKiB > 0) NativePressure.Change(-((long)PressureKiB << 10));
        }
    }
}
