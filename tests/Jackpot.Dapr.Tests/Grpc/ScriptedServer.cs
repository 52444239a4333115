using System.Net;
using System.Net.Sockets;

namespace Jackpot.Dapr.Tests.Grpc;

/// <summary>Answers the first request on the first connection with fixed bytes and keeps what the client sent.</summary>
sealed class ScriptedServer : IAsyncDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource _stop = new();
    readonly Task _serving;

    public ScriptedServer(params byte[][] answer)
    {
        _listener.Start();
        _serving = ServeAsync(answer);
    }

    public Uri Address => new($"http://{_listener.LocalEndpoint}");

    public List<WireFrame> Received { get; } = [];

    public TaskCompletionSource<WireFrame> Reset { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        try
        {
            await _serving;
        }
        catch (Exception ended) when (ended is OperationCanceledException or IOException or SocketException)
        {
            // The client closed the connection or the test is over; both are the end of the script.
        }

        _stop.Dispose();
    }

    async Task ServeAsync(byte[][] answer)
    {
        using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
        var stream = client.GetStream();
        await stream.ReadExactlyAsync(new byte[Http2Wire.Preface.Length], _stop.Token);
        await stream.WriteAsync(Http2Wire.EmptySettings, _stop.Token);
        await stream.WriteAsync(Http2Wire.SettingsAck, _stop.Token);
        while (true)
        {
            var frame = await Http2Wire.ReadFrameAsync(stream, _stop.Token);
            Received.Add(frame);
            if (frame.EndsStream)
            {
                foreach (var bytes in answer)
                {
                    await stream.WriteAsync(bytes, _stop.Token);
                }
            }
            else if (frame is { Type: 3, Stream: 1 })
            {
                Reset.TrySetResult(frame);
            }
        }
    }
}
