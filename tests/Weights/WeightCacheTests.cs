using System.Net;
using System.Security.Cryptography;
using Vision.Testing;
using Vision.Weights;

namespace Vision.Weights.Tests;

/// <summary>Downloads from a server of the test's own.</summary>
public sealed class WeightCacheTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly HttpListener server = new();
    private readonly string address;
    private readonly byte[] content = new byte[300_000];
    private readonly string hash;
    private int requests;

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
        Assert.EndsWith($"fetch net-0123abcd.pth (its SHA-256 begins with 0123abcd) where there is a connection, and put it into {folder["cache"]}.", message);
        Assert.DoesNotContain('\n', message);
        Assert.Contains("404", MessageOf($"{address}missing-0123abcd.pth"));
    }

    [Fact]
    public void A_file_without_a_hash_is_refused() => Assert.Contains("has no hash in its name", MessageOf($"{address}model.pth"));

    [Fact]
    public void A_cancelled_download_leaves_nothing()
    {
        using CancellationTokenSource source = new();
        Assert.ThrowsAny<OperationCanceledException>(() => WeightCache.Get($"{address}model-{hash}.pth", (_, _) => source.Cancel(), source.Token));
        Assert.Empty(Directory.GetFiles(folder["cache"]));
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
            using HttpListenerResponse response = context.Response;
            if (context.Request.Url!.LocalPath.Contains("missing"))
            {
                response.StatusCode = 404;
                continue;
            }
            response.ContentLength64 = content.Length;
            try
            {
                await response.OutputStream.WriteAsync(content);
            }
            catch (HttpListenerException)
            {
                // The client left early.
            }
        }
    }

    private static int FreePort()
    {
        using System.Net.Sockets.TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
