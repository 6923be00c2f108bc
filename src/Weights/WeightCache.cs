using System.Net;
using System.Security.Cryptography;

namespace Vision.Weights;

/// <summary>
/// A cache of published weights files on this machine. torch.hub's convention makes them verifiable: the name of a file ends with the
/// first digits of its SHA-256, as in <c>resnet18-f37072fd.pth</c>. A file whose content has another hash is never used.
/// </summary>
/// <remarks>
/// An incomplete download is kept as <c>NAME.partial</c>, and is resumed after an interruption.
/// One program at a time downloads a file; other programs that need the same file wait for it.
/// </remarks>
public static class WeightCache
{
    private const int HashDigits = 8;

    private static readonly TimeSpan connectTimeout = TimeSpan.FromSeconds(15), pollInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>The folder: the value of the environment variable VISION_CACHE, or <c>~/.cache/vision/weights</c>.</summary>
    public static string Folder => Environment.GetEnvironmentVariable("VISION_CACHE") is { Length: > 0 } named
        ? named
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "vision", "weights");

    /// <summary>The longest time that a server may send nothing.</summary>
    internal static TimeSpan LongestSilence { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>The file of published weights, which is downloaded into the folder unless it is already
    /// there. The file only exists if it is complete and verified.</summary>
    /// <param name="url">The URL; its last part is the file's name.</param>
    /// <param name="progress">Called during a download with (bytes done, bytes in total); the total is 0 if unknown.</param>
    /// <param name="cancellation">Cancels the download; a later call resumes it.</param>
    /// <returns>The file's path.</returns>
    /// <exception cref="WeightsException">The file cannot be downloaded, or is damaged; the message says what to do.</exception>
    public static string Get(string url, Action<long, long>? progress = null, CancellationToken cancellation = default)
    {
        string name = Path.GetFileName(new Uri(url).LocalPath), path = Path.Combine(Folder, name);
        string expected = Path.GetFileNameWithoutExtension(name).Split('-')[^1];
        if (expected.Length < HashDigits || !expected.All(char.IsAsciiHexDigitLower))
            throw new WeightsException(
                $"{url} has no hash in its name, so a download cannot be verified; download it yourself and pass the file.");

        if (File.Exists(path))
        {
            using FileStream file = File.OpenRead(path);
            string actual = HashOf(file);
            return actual.StartsWith(expected, StringComparison.Ordinal)
                ? path
                : throw new WeightsException(
                    $"{path} is damaged: its SHA-256 begins with {actual[..expected.Length]} instead of {expected}; delete it to " +
                    "download it again.");
        }
        try
        {
            Fetch(url, path, expected, progress, cancellation);
            return path;
        }
        catch (Exception e) when (
            e is HttpRequestException or IOException or UnauthorizedAccessException or InvalidDataException or TimeoutException
            || (e is TaskCanceledException && !cancellation.IsCancellationRequested))
        {
            throw new WeightsException(
                $"{url} could not be downloaded ({e.Message.TrimEnd('.')}): download {name} (its SHA-256 begins with {expected}) on a " +
                $"machine with a connection, and copy it to {Folder}.", e);
        }
    }

    /// <summary>Downloads a missing file, unless another program has done so in the meantime.</summary>
    private static void Fetch(string url, string path, string expected, Action<long, long>? progress, CancellationToken cancellation)
    {
        Directory.CreateDirectory(Folder);
        string partial = path + ".partial";
        using FileStream file = OpenAlone(partial, cancellation);
        if (File.Exists(path))
        {
            File.Delete(partial);
            return;
        }
        try
        {
            if (!HashOf(file).StartsWith(expected, StringComparison.Ordinal)) Download(url, file, progress, cancellation);
            file.Flush(flushToDisk: true);
        }
        catch when (file.Length == 0)
        {
            File.Delete(partial);
            throw;
        }
        string actual = HashOf(file);
        if (!actual.StartsWith(expected, StringComparison.Ordinal))
        {
            File.Delete(partial);
            throw new InvalidDataException($"the file has a SHA-256 that begins with {actual[..expected.Length]} instead of {expected}");
        }
        File.Move(partial, path, overwrite: true);
    }

    /// <summary>Opens or creates a file exclusively; waits while another program has it open.</summary>
    private static FileStream OpenAlone(string path, CancellationToken cancellation)
    {
        // On Windows an open file can only be renamed with FileShare.Delete; in both cases no other program can open it for writing.
        FileShare share = OperatingSystem.IsWindows() ? FileShare.Delete : FileShare.None;
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                return new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, share);
            }
            catch (IOException e) when (IsInUse(e))
            {
                cancellation.WaitHandle.WaitOne(pollInterval);
            }
        }
    }

    /// <summary>Whether another program has the file open: ERROR_SHARING_VIOLATION on Windows, EWOULDBLOCK on Linux and macOS.</summary>
    private static bool IsInUse(IOException e) =>
        (e.HResult & 0xFFFF) is var code && (OperatingSystem.IsWindows() ? code == 32 : code is 11 or 35);

    /// <summary>Appends the missing part, or starts over if the server does not support ranges.</summary>
    private static void Download(string url, FileStream file, Action<long, long>? progress, CancellationToken cancellation)
    {
        using HttpClient client = new(new SocketsHttpHandler { ConnectTimeout = connectTimeout }) { Timeout = Timeout.InfiniteTimeSpan };
        HttpResponseMessage response = Ask(client, url, file.Length, cancellation);
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            response.Dispose();
            response = Ask(client, url, 0, cancellation);
        }
        using (response)
        {
            response.EnsureSuccessStatusCode();
            bool goesOn = response.StatusCode == HttpStatusCode.PartialContent
                && response.Content.Headers.ContentRange?.From == file.Length;
            if (!goesOn) file.SetLength(0);
            long done = file.Seek(0, SeekOrigin.End), total = response.Content.Headers.ContentLength is { } length ? done + length : 0;
            using Stream content = response.Content.ReadAsStream(cancellation);
            byte[] buffer = new byte[1 << 16];
            while (Await(content.ReadAsync(buffer, cancellation).AsTask(), cancellation) is > 0 and var read)
            {
                file.Write(buffer, 0, read);
                progress?.Invoke(done += read, total);
                cancellation.ThrowIfCancellationRequested();
            }
        }
    }

    private static HttpResponseMessage Ask(HttpClient client, string url, long from, CancellationToken cancellation)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, url);
        if (from > 0) request.Headers.Range = new(from, null);
        return Await(client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation), cancellation);
    }

    private static T Await<T>(Task<T> answer, CancellationToken cancellation)
    {
        try
        {
            return answer.WaitAsync(LongestSilence, cancellation).GetAwaiter().GetResult();
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"the server sent nothing for {LongestSilence.TotalSeconds:0.#} seconds", e);
        }
    }

    private static string HashOf(FileStream file)
    {
        file.Position = 0;
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }
}
