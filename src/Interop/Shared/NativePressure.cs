namespace Vision.Interop;

/// <summary>Tells the garbage collector how much native memory its objects hold, so that forgotten ones are finalised before they fill the machine.</summary>
/// <remarks>
/// In large steps only: the collector answers 4 MB of new pressure with a full collection, whether or not as much was given back meanwhile, and
/// a training step that frees all that it makes would spend a fifth of its time in collections.
/// </remarks>
internal static class NativePressure
{
    private const long Step = 128L << 20;

    private static long alive;
    private static long reported = Step;

    /// <summary>Counts memory that was taken, or, below 0, given back.</summary>
    public static void Change(long bytes)
    {
        long now = Interlocked.Add(ref alive, bytes), told = Volatile.Read(ref reported);
        // Memory that swings by less than two steps is not reported again and again.
        long steps =
            now > told ? (now - told + Step - 1) / Step
            : now < told - 2 * Step ? 1 - (told - now) / Step
            : 0;
        if (steps == 0 || Interlocked.CompareExchange(ref reported, told + steps * Step, told) != told) return;

        if (steps > 0) GC.AddMemoryPressure(steps * Step);
        else GC.RemoveMemoryPressure(-steps * Step);
    }
}
