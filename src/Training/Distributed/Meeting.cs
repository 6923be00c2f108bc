using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Vision.Training;

/// <summary>Where the first process listens, and the secret that others prove to belong to it by.</summary>
/// <param name="Port">The TCP port.</param>
/// <param name="Secret">32 hexadecimal digits.</param>
/// <param name="Addresses">Its machine's addresses; that of the machine itself is last.</param>
internal sealed record Meeting(int Port, string Secret, IReadOnlyList<IPAddress> Addresses)
{
    private static readonly TimeSpan attempt = TimeSpan.FromSeconds(5);

    /// <summary>The addresses of this machine.</summary>
    public static IReadOnlyList<IPAddress> OwnAddresses() =>
        [.. NetworkInterface.GetAllNetworkInterfaces().Where(card => card.OperationalStatus != OperationalStatus.Down)
            .SelectMany(card => card.GetIPProperties().UnicastAddresses).Select(entry => entry.Address)
            .Where(address => !address.IsIPv6LinkLocal).OrderBy(IPAddress.IsLoopback)];

    /// <summary>The text of it.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Port} {Secret} {string.Join(' ', Addresses)}");

    /// <summary>Reads the text.</summary>
    public static Meeting Parse(string text)
    {
        string[] words = text.Split(' ');
        return new(int.Parse(words[0], CultureInfo.InvariantCulture), words[1], [.. words[2..].Select(IPAddress.Parse)]);
    }

    /// <summary>Connects to the first of its addresses that answers; null if none does.</summary>
    /// <param name="isSameHost">Whether it is on this machine, so that its own address means it, too.</param>
    public Socket? Connect(bool isSameHost)
    {
        foreach (IPAddress address in Addresses.Where(address => isSameHost || !IPAddress.IsLoopback(address)))
        {
            Socket socket = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                using CancellationTokenSource limit = new(attempt);
                socket.ConnectAsync(new IPEndPoint(address, Port), limit.Token).AsTask().GetAwaiter().GetResult();
                return socket;
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                socket.Dispose();
            }
        }
        return null;
    }
}
