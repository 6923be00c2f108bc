using System.Net;
using System.Security.Cryptography;
using Vision.Testing;

namespace Vision.Weights.Tests;

/// <summary>Downloads from a server of the test's own.</summary>
public sealed class WeightCacheTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly HttpListener server = new();
    private readonly string address;
    private readonly byte[] content = new byte[300_000];
    private readonly string hash;
    private readonly TaskCompletionSource end = new();
    private readonly List<string?> ranges = [];
    private int requests;
    private int? stallsAfter;
    private bool sendsParts = true;

    public WeightCacheTests()
    {
        Environment.SetEnvironmentVariable("VISION_CACHE", folder["cache"]);
        new Random(1).NextBytes(content);
        hash = Convert.ToHexStringLower(SHA256.HashData(content))[..8];
        address = $"http://localhost:{FreePort()}/";
        server.Prefixes.Add(address);
        server.Start();
        _ = Serve();
    }

    public void Dispose()
    {
        WeightCache.LongestSilence = TimeSpan.FromSeconds(60);
        end.SetResult();
        server.Close();
        Environment.SetEnvironmentVariable("VISION_CACHE", null);
        folder.Dispose();
    }

    [Fact]
    public void A_file_is_downloaded_once_and_verified()
    {
        List<(long Done, long Total)> progress = [];
        string path = WeightCache.Get($"{address}model-{hash}.pth", (done, total) => progress.Add((done, total)));
        Assert.Equal(folder[$"cache/model-{hash}.pth"], path);
        Assert.Equal(content, File.ReadAllBytes(path));
        Assert.Equal((content.Length, content.Length), progress[^1]);
        Assert.Equal(path, WeightCache.Get($"{address}model-{hash}.pth"));
        Assert.Equal(1, requests);
    }

    [Fact]
    public void What_has_another_hash_is_not_kept()
    {
        string message = MessageOf($"{address}model-00000000.pth");
        Assert.Contains($"a SHA-256 that begins with {hash} instead of 00000000", message);
        Assert.Empty(Directory.GetFiles(folder["cache"]));
    }

    [Fact]
    public void A_damaged_file_is_not_used()
    {
        string path = folder.Write($"cache/model-{hash}.pth", content[..1000]);
        Assert.StartsWith($"{path} is damaged", MessageOf($"{address}model-{hash}.pth"));
        Assert.Equal(0, requests);
    }

    [Fact]
    public void Without_a_connection_the_message_says_what_to_put_where()
    {
        string url = $"http://localhost:{FreePort()}/net-0123abcd.pth", message = MessageOf(url);
        Assert.StartsWith($"{url} could not be downloaded (", message);
        Assert.EndsWith(
            $"download net-0123abcd.pth (its SHA-256 begins with 0123abcd) on a machine with a connection, and copy it to " +
            $"{folder["cache"]}.",
            message);
        Assert.DoesNotContain('\n', message);
        Assert.Contains("404", MessageOf($"{address}missing-0123abcd.pth"));
    }

    [Fact]
    public void A_file_without_a_hash_is_refused() => Assert.Contains("has no hash in its name", MessageOf($"{address}model.pth"));

    [Fact]
    public void A_canceled_download_goes_on_where_it_stopped()
    {
        using CancellationTokenSource source = new();
        Assert.ThrowsAny<OperationCanceledException>(() =>
            WeightCache.Get($"{address}model-{hash}.pth", (_, _) => source.Cancel(), source.Token));
        string partial = Assert.Single(Directory.GetFiles(folder["cache"]));
        Assert.Equal(folder[$"cache/model-{hash}.pth.partial"], partial);
        long kept = new FileInfo(partial).Length;
        Assert.InRange(kept, 1, content.Length - 1);

        List<(long Done, long Total)> progress = [];
        string path = WeightCache.Get($"{address}model-{hash}.pth", (done, total) => progress.Add((done, total)));
        Assert.Equal(content, File.ReadAllBytes(path));
        Assert.Equal([null, $"bytes={kept}-"], ranges);
        Assert.All(progress, step => Assert.True(step.Done > kept && step.Total == content.Length));
        Assert.Equal([path], Directory.GetFiles(folder["cache"]));
    }

    [Fact]
    public void A_server_that_falls_silent_is_left_and_what_came_is_kept()
    {
        WeightCache.LongestSilence = TimeSpan.FromSeconds(0.5);
        stallsAfter = 100_000;
        Assert.Contains("could not be downloaded (the server sent nothing for 0.5 seconds): download model-",
            MessageOf($"{address}model-{hash}.pth"));
        Assert.Equal(content[..100_000], File.ReadAllBytes(folder[$"cache/model-{hash}.pth.partial"]));

        stallsAfter = null;
        Assert.Equal(content, File.ReadAllBytes(WeightCache.Get($"{address}model-{hash}.pth")));
        Assert.Equal([null, "bytes=100000-"], ranges);

        // Before the first byte, nothing is there to be kept.
        Assert.Contains("the server sent nothing for 0.5 seconds", MessageOf($"{address}silent-{hash}.pth"));
        Assert.Single(Directory.GetFiles(folder["cache"]));
    }

    [Fact]
    public void A_server_that_sends_no_parts_sends_the_whole()
    {
        folder.Write($"cache/model-{hash}.pth.partial", content[..1000]);
        sendsParts = false;
        Assert.Equal(content, File.ReadAllBytes(WeightCache.Get($"{address}model-{hash}.pth")));
        Assert.Equal(["bytes=1000-"], ranges);
    }

    [Fact]
    public void What_is_whole_or_too_long_already_is_seen()
    {
        folder.Write($"cache/model-{hash}.pth.partial", content);
        Assert.Equal(content, File.ReadAllBytes(WeightCache.Get($"{address}model-{hash}.pth")));
        Assert.Equal(0, requests);

        File.Delete(folder[$"cache/model-{hash}.pth"]);
        folder.Write($"cache/model-{hash}.pth.partial", [.. content, 1]);
        Assert.Equal(content, File.ReadAllBytes(WeightCache.Get($"{address}model-{hash}.pth")));
        Assert.Equal([$"bytes={content.Length + 1}-", null], ranges);
    }

    [Fact]
    public void A_part_of_something_else_is_not_kept()
    {
        folder.Write($"cache/model-{hash}.pth.partial", new byte[1000]);
        Assert.Contains($"instead of {hash}", MessageOf($"{address}model-{hash}.pth"));
        Assert.Empty(Directory.GetFiles(folder["cache"]));
        Assert.Equal(content, File.ReadAllBytes(WeightCache.Get($"{address}model-{hash}.pth")));
    }

    [Fact]
    public void Those_who_want_it_together_download_it_once()
    {
        Parallel.For(0, 4, new() { MaxDegreeOfParallelism = 4 }, _ =>
            Assert.Equal(content, File.ReadAllBytes(WeightCache.Get($"{address}model-{hash}.pth"))));
        Assert.Equal(1, requests);
        Assert.Single(Directory.GetFiles(folder["cache"]));
    }

    private static string MessageOf(string url) => Assert.Throws<WeightsException>(() => WeightCache.Get(url)).Message;

    private async Task Serve()
    {
        while (server.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await server.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
            requests++;
            ranges.Add(context.Request.Headers["Range"]);
            _ = Answer(context);
        }
    }

    private async Task Answer(HttpListenerContext context)
    {
        using HttpListenerResponse response = context.Response;
        string file = context.Request.Url!.LocalPath;
        if (file.Contains("silent")) await end.Task;
        int from = sendsParts && context.Request.Headers["Range"] is { } range ? int.Parse(range["bytes=".Length..^1]) : 0;
        if (from > 0) response.StatusCode = from < content.Length ? 206 : 416;
        if (file.Contains("missing")) response.StatusCode = 404;
        if (response.StatusCode >= 400) return;
        if (from > 0) response.Headers["Content-Range"] = $"bytes {from}-{content.Length - 1}/{content.Length}";
        response.ContentLength64 = content.Length - from;
        try
        {
            await response.OutputStream.WriteAsync(content.AsMemory(from, (stallsAfter ?? content.Length) - from));
            await response.OutputStream.FlushAsync();
            if (stallsAfter is not null) await end.Task;
        }
        catch (HttpListenerException)
        {
            // The client left early.
        }
    }

    private static int FreePort()
    {
        using System.Net.Sockets.TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
