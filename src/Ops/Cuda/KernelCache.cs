using System.Security.Cryptography;
using System.Text;

namespace Vision.Ops.Cuda;

/// <summary>
/// A disk cache of compiled kernels. Each file begins with the SHA-256 of the rest, so that a damaged one is detected and recompiled.
/// </summary>
/// <param name="folder">The folder; created on first use.</param>
internal sealed class KernelCache(string folder)
{
    private bool hasSaidThatItCannotKeep;

    /// <summary><c>kernels</c> in the folder that the environment variable VISION_CACHE names, or in <c>~/.cache/vision</c>.</summary>
    public static string DefaultFolder => Path.Combine(
        Environment.GetEnvironmentVariable("VISION_CACHE") is { Length: > 0 } named
            ? named
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "vision"),
        "kernels");

    /// <summary>The cached code for <paramref name="parts"/>, otherwise the result of <paramref name="compile"/>.</summary>
    /// <param name="parts">All inputs of the compilation: source, headers, options, architecture, compiler.</param>
    /// <param name="compile">Compiles the kernel.</param>
    public byte[] Get(IEnumerable<string> parts, Func<byte[]> compile)
    {
        string path = Path.Combine(folder, Key(parts) + ".bin");
        if (Read(path) is { } kept) return kept;

        byte[] code = compile();
        try
        {
            Keep(path, code);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Not fatal: the next process compiles again.
            if (!hasSaidThatItCannotKeep)
                Console.Error.WriteLine($"vision: compiled CUDA kernels cannot be cached in {folder}: {e.Message}");
            hasSaidThatItCannotKeep = true;
        }
        return code;
    }

    private static byte[]? Read(string path)
    {
        if (!File.Exists(path)) return null;
        ReadOnlySpan<byte> file = File.ReadAllBytes(path);
        if (file.Length <= SHA256.HashSizeInBytes) return null;
        ReadOnlySpan<byte> code = file[SHA256.HashSizeInBytes..];
        return SHA256.HashData(code).AsSpan().SequenceEqual(file[..SHA256.HashSizeInBytes]) ? code.ToArray() : null;
    }

    private static string Key(IEnumerable<string> parts)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string part in parts)
        {
            byte[] text = Encoding.UTF8.GetBytes(part);
            hash.AppendData(BitConverter.GetBytes(text.Length));
            hash.AppendData(text);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    // Under another name first, so that no process reads a partial file.
    private void Keep(string path, byte[] code)
    {
        Directory.CreateDirectory(folder);
        string unfinished = Path.Combine(folder, Path.GetRandomFileName());
        try
        {
            File.WriteAllBytes(unfinished, [.. SHA256.HashData(code), .. code]);
            File.Move(unfinished, path, overwrite: true);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }
}
