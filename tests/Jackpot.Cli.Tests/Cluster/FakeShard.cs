using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Jackpot.Cli.Tests.Cluster;

/// <summary>What was asked of a <see cref="FakeShard"/>.</summary>
sealed record ShardRequest(string Line, string Headers, string Body);

/// <summary>A shard as a command's HTTP client sees it: answers what it is given, one connection after the other.</summary>
sealed class FakeShard : IDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public FakeShard() => _listener.Start();

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    public string Url => $"http://{_listener.LocalEndpoint}";

    /// <summary>Answers so many requests, and tells what they were.</summary>
    public async Task<List<ShardRequest>> AnswerAsync(params (string Status, string Body)[] answers)
    {
        var asked = new List<ShardRequest>();
        foreach (var (status, body) in answers)
        {
            using var client = await _listener.AcceptTcpClientAsync(Ct);
            asked.Add(await ReadAsync(client.GetStream()));
            await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(
                $"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n\r\n{body}"), Ct);
        }

        return asked;
    }

    static async Task<ShardRequest> ReadAsync(NetworkStream stream)
    {
        var (buffer, text) = (new byte[4096], "");
        while (!IsWhole(text))
        {
            var read = await stream.ReadAsync(buffer, Ct);
            text += Encoding.UTF8.GetString(buffer, 0, read);
        }

        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        return new ShardRequest(text[..text.IndexOf('\r', StringComparison.Ordinal)], text[..end], text[(end + 4)..]);
    }

    static bool IsWhole(string text) => text.IndexOf("\r\n\r\n", StringComparison.Ordinal) is var end and > 0
        && (text.StartsWith("GET", StringComparison.Ordinal)
            || (text.Contains("chunked", StringComparison.OrdinalIgnoreCase) ? text.EndsWith("0\r\n\r\n", StringComparison.Ordinal) : text.Length - end - 4 >= Length(text)));

    static int Length(string text) => text.Split("\r\n").Where(line => line.StartsWith("Content-Length: ", StringComparison.OrdinalIgnoreCase))
        .Select(line => int.Parse(line.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture)).Single();

    public void Dispose() => _listener.Dispose();
}
