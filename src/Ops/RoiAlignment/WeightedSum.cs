using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Vision.Ops.RoiAlignment;

/// <summary>The two inner loops of RoIAlign on the CPU, for rows of any length: vectorized, with up to four vectors in registers.</summary>
internal static unsafe class WeightedSum<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>target[i] = Σ weight · source[pixel · stride + i] over the taps in [first, last), for i &lt; count.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Of(Tap<T>* first, Tap<T>* last, T* source, long stride, long count, T* target) =>
        Sum(first, last, source, stride, count, target, false);

    /// <summary>The same, added to the target.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddTo(T* target, Tap<T>* first, Tap<T>* last, T* source, long stride, long count) =>
        Sum(first, last, source, stride, count, target, true);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Sum(Tap<T>* first, Tap<T>* last, T* source, long stride, long count, T* target, bool add)
    {
        int lanes = Lanes<T>.Count;
        long i = 0;
        for (; i + 4 * lanes <= count; i += 4 * lanes)
        {
            T* to = target + i;
            Vector256<T> a = Start(to, add), b = Start(to + lanes, add), c = Start(to + 2 * lanes, add), d = Start(to + 3 * lanes, add);
            for (Tap<T>* tap = first; tap < last; tap++)
            {
                T* row = source + tap->Pixel * stride + i;
                Vector256<T> weight = Vector256.Create(tap->Weight);
                a = Lanes<T>.MultiplyAdd(Vector256.Load(row), weight, a);
                b = Lanes<T>.MultiplyAdd(Vector256.Load(row + lanes), weight, b);
                c = Lanes<T>.MultiplyAdd(Vector256.Load(row + 2 * lanes), weight, c);
                d = Lanes<T>.MultiplyAdd(Vector256.Load(row + 3 * lanes), weight, d);
            }
            a.Store(to);
            b.Store(to + lanes);
            c.Store(to + 2 * lanes);
            d.Store(to + 3 * lanes);
        }
        if (i + 2 * lanes <= count)
        {
            T* to = target + i;
            Vector256<T> a = Start(to, add), b = Start(to + lanes, add);
            for (Tap<T>* tap = first; tap < last; tap++)
            {
                T* row = source + tap->Pixel * stride + i;
                Vector256<T> weight = Vector256.Create(tap->Weight);
                a = Lanes<T>.MultiplyAdd(Vector256.Load(row), weight, a);
                b = Lanes<T>.MultiplyAdd(Vector256.Load(row + lanes), weight, b);
            }
            a.Store(to);
            b.Store(to + lanes);
            i += 2 * lanes;
        }
        if (i + lanes <= count)
        {
            Vector256<T> a = Start(target + i, add);
            for (Tap<T>* tap = first; tap < last; tap++)
                a = Lanes<T>.MultiplyAdd(Vector256.Load(source + tap->Pixel * stride + i), Vector256.Create(tap->Weight), a);
            a.Store(target + i);
            i += lanes;
        }
        for (; i < count; i++)
        {
            T sum = add ? target[i] : T.Zero;
            for (Tap<T>* tap = first; tap < last; tap++) sum = T.MultiplyAddEstimate(source[tap->Pixel * stride + i], tap->Weight, sum);
            target[i] = sum;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<T> Start(T* target, bool add) => add ? Vector256.Load(target) : default;
}
