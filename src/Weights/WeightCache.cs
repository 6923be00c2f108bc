using System.Net;
using System.Security.Cryptography;

namespace Vision.Weights;

/// <summary>
/// Published files of weights, kept on this machine. torch.hub's convention makes them checkable: the name of a file ends in the first
/// digits of its SHA-256, as in <c>resnet18-f37072fd.pth</c>. A file whose content has another hash is never used.
/// </summary>
/// <remarks>
/// What has come of a file stands beside it, as <c>NAME.partial</c>, until it is whole: a download that was stopped goes on from there.
/// Who downloads has it for itself alone; other programs that want the same file wait for it.
/// </remarks>
public static class WeightCache
{
    private const int HashDigits = 8;

    private static readonly TimeSpan connectTimeout = TimeSpan.FromSeconds(15), pollInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>The folder: what the environment variable VISION_CACHE says, or <c>~/.cache/vision/weights</c>.</summary>
    public static string Folder => Environment.GetEnvironmentVariable("VISION_CACHE") is { Length: > 0 } named
        ? named
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "vision", "weights");

    /// <summary>How long a server may send nothing.</summary>
    internal static TimeSpan LongestSilence { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>The file of published weights: from the folder where it is there, or else downloaded into
    /// it. It is there whole and verified, or not at all.</summary>
    /// <param name="url">Where it is published; its last part is the file's name.</param>
    /// <param name="progress">Is told (bytes done, bytes in all) of a download; of unknown length, 0 in all.</param>
    /// <param name="cancellation">Ends the download; another one goes on from there.</param>
    /// <returns>The file's path.</returns>
    /// <exception cref="WeightsException">It cannot be downloaded, or is damaged. The message says how to put it there by hand.</exception>
    public static string Get(string url, Action<long, long>? progress = null, CancellationToken cancellation = default)
    {
        string name = Path.GetFileName(new Uri(url).LocalPath), path = Path.Combine(Folder, name);
        string expected = Path.GetFileNameWithoutExtension(name).Split('-')[^1];
        if (expected.Length < HashDigits || !expected.All(char.IsAsciiHexDigitLower))
            throw new WeightsException(
                $"{url} has no hash in its name, so what is downloaded could not be checked; fetch it yourself and give the file.");

        if (File.Exists(path))
        {
            using FileStream file = File.OpenRead(path);
            string actual = HashOf(file);
            return actual.StartsWith(expected, StringComparison.Ordinal)
                ? path
                : throw new WeightsException(
                    $"{path} is damaged: its SHA-256 begins with {actual[..expected.Length]} instead of {expected}; delete it, and it is " +
                    "downloaded anew.");
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
                $"{url} could not be downloaded ({e.Message.TrimEnd('.')}): fetch {name} (its SHA-256 begins with {expected}) where " +
                $"there is a connection, and put it into {Folder}.", e);
        }
    }

    /// <summary>Downloads a file that is not there, unless another program has done so once it is our turn.</summary>
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
            throw new InvalidDataException($"what came has a SHA-256 that begins with {actual[..expected.Length]} instead of {expected}");
        }
        File.Move(partial, path, overwrite: true);
    }

    /// <summary>Opens or makes a file that no other program has open in this way; waits where one has.</summary>
    private static FileStream OpenAlone(string path, CancellationToken cancellation)
    {
        // On Windows an open file could not be renamed else; what is open for writing is nobody else's in both cases.
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

    /// <summary>Whether another program has the file: ERROR_SHARING_VIOLATION of Windows, EWOULDBLOCK of Linux and of macOS.</summary>
    private static bool IsInUse(IOException e) =>
        (e.HResult & 0xFFFF) is var code && (OperatingSystem.IsWindows() ? code == 32 : code is 11 or 35);

    /// <summary>Appends what is missing, or begins anew where the server does not send parts.</summary>
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
