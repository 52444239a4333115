using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Jackpot.Gateway.Tests;

/// <summary>Sends bytes as they are written, and reads until the server closes.</summary>
static class RawHttp
{
    internal static async Task<string> SendAsync(int port, string request)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken);
        await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(socket.GetStream());
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }
}
