using System.Security.Cryptography;

namespace Vision.Weights;

/// <summary>
/// Published files of weights, kept on this machine. torch.hub's convention makes them checkable: the name of a file ends in the first digits of its SHA-256,
/// as in <c>resnet18-f37072fd.pth</c>. A file whose content has another hash is never used.
/// </summary>
public static class WeightCache
{
    private const int HashDigits = 8;

    private static readonly TimeSpan connectTimeout = TimeSpan.FromSeconds(15);

    /// <summary>The folder: what the environment variable VISION_CACHE says, or <c>~/.cache/vision/weights</c>.</summary>
    public static string Folder => Environment.GetEnvironmentVariable("VISION_CACHE") is { Length: > 0 } named
        ? named
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "vision", "weights");

    /// <summary>The file of published weights: from the folder where it is there, or else downloaded into it. It is there whole and verified, or not at all.</summary>
    /// <param name="url">Where it is published; its last part is the file's name.</param>
    /// <param name="progress">Is told (bytes done, bytes in all) of a download; of unknown length, 0 in all.</param>
    /// <param name="cancellation">Ends the download.</param>
    /// <returns>The file's path.</returns>
    /// <exception cref="WeightsException">It cannot be downloaded, or is damaged. The message says how to put it there by hand.</exception>
    public static string Get(string url, Action<long, long>? progress = null, CancellationToken cancellation = default)
    {
        string name = Path.GetFileName(new Uri(url).LocalPath), path = Path.Combine(Folder, name);
        string expected = Path.GetFileNameWithoutExtension(name).Split('-')[^1];
        if (expected.Length < HashDigits || !expected.All(char.IsAsciiHexDigitLower))
            throw new WeightsException($"{url} has no hash in its name, so what is downloaded could not be checked; fetch it yourself and give the file.");

        if (File.Exists(path))
        {
            using FileStream file = File.OpenRead(path);
            string actual = Hex(SHA256.HashData(file));
            return actual.StartsWith(expected, StringComparison.Ordinal)
                ? path
                : throw new WeightsException($"{path} is damaged: its SHA-256 begins with {actual[..expected.Length]} instead of {expected}; delete it, and it is downloaded anew.");
        }
        try
        {
            Download(url, path, expected, progress, cancellation);
            return path;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or UnauthorizedAccessException or InvalidDataException || (e is TaskCanceledException && !cancellation.IsCancellationRequested))
        {
            throw new WeightsException($"{url} could not be downloaded ({e.Message.TrimEnd('.')}): fetch {name} (its SHA-256 begins with {expected}) where there is a connection, and put it into {Folder}.", e);
        }
    }

    private static void Download(string url, string path, string expected, Action<long, long>? progress, CancellationToken cancellation)
    {
        using HttpClient client = new(new SocketsHttpHandler { ConnectTimeout = connectTimeout }) { Timeout = Timeout.InfiniteTimeSpan };
        using HttpResponseMessage response = client.Send(new(HttpMethod.Get, url), HttpCompletionOption.ResponseHeadersRead, cancellation);
        response.EnsureSuccessStatusCode();
        long total = response.Content.Headers.ContentLength ?? 0;
        using Stream content = response.Content.ReadAsStream(cancellation);
        AtomicFile.Write(path, file =>
        {
            using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            byte[] buffer = new byte[1 << 16];
            long done = 0;
            while (content.Read(buffer) is > 0 and var read)
            {
                cancellation.ThrowIfCancellationRequested();
                hash.AppendData(buffer, 0, read);
                file.Write(buffer, 0, read);
                progress?.Invoke(done += read, total);
            }
            // Thrown before the file gets its name: what does not match is not kept.
            string actual = Hex(hash.GetHashAndReset());
            if (!actual.StartsWith(expected, StringComparison.Ordinal))
                throw new InvalidDataException($"what came has a SHA-256 that begins with {actual[..expected.Length]} instead of {expected}");
        });
    }

    private static string Hex(byte[] hash) => Convert.ToHexStringLower(hash);
}
