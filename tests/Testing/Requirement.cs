using Xunit;

namespace Vision.Testing;

/// <summary>What a test needs from the machine: it skips where that is missing, and under
/// CI=true, where everything has to run, it fails.</summary>
public static class Requirement
{
    /// <summary>Goes on if it is there.</summary>
    /// <param name="isThere">Whether it is.</param>
    /// <param name="reason">What is missing, and how to get it.</param>
    /// <exception cref="SkipException">It is missing, and CI is not "true".</exception>
    /// <exception cref="InvalidOperationException">It is missing, and CI is "true".</exception>
    public static void Check(bool isThere, string reason)
    {
        if (isThere) return;
        if (Environment.GetEnvironmentVariable("CI") == "true")
            throw new InvalidOperationException($"{reason} Under CI=true no test skips.");
        throw new SkipException(reason);
    }
}
