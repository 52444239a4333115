using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Jackpot.LocalProcesses;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Jackpot.Gateway.Tests.Streams;

/// <summary>A shard that takes events from its gateway, remembers them and answers what a test says.</summary>
internal sealed class StreamShard(int port) : IAsyncDisposable
{
    WebApplication? _app;

    public string Url => $"http://127.0.0.1:{port}";

    /// <summary>Type and data of every event that it has answered SUCCESS for.</summary>
    public ConcurrentQueue<(string Type, string Data)> Taken { get; } = [];

    /// <summary>What it answers for an event's data.</summary>
    public Func<string, string> Answers { get; set; } = _ => "SUCCESS";

    /// <summary>Whether it says that its waiting topic works.</summary>
    public bool HasWaitingTopic { get; set; } = true;

    public int Requests { get; private set; }

    public static async Task<StreamShard> StartAsync()
    {
        var shard = new StreamShard(FreePort.Next());
        await shard.OpenAsync();
        return shard;
    }

    public async Task OpenAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        _app = builder.Build();
        _app.MapPost("/internal/bets", (RequestDelegate)TakeAsync);
        await _app.StartAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Nothing listens any more.</summary>
    public async Task CloseAsync()
    {
        if (_app is not null)
        {
            await _app.DisposeAsync();
            _app = null;
        }
    }

    async Task TakeAsync(HttpContext http)
    {
        Requests++;
        using var body = await JsonDocument.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted);
        var statuses = new List<string>();
        foreach (var entry in body.RootElement.GetProperty("entries").EnumerateArray())
        {
            var (streamed, id) = (entry.GetProperty("event"), entry.GetProperty("entryId").GetString());
            var (type, data) = (streamed.GetProperty("type").GetString()!, streamed.GetProperty("data").GetRawText());
            var status = Answers(data);
            if (status == "SUCCESS")
            {
                Taken.Enqueue((type, data));
            }

            statuses.Add($$"""{"entryId":"{{id}}","status":"{{status}}"}""");
        }

        if (HasWaitingTopic)
        {
            http.Response.Headers["X-Waiting-Topic"] = "works";
        }

        await http.Response.WriteAsync($$"""{"statuses":[{{string.Join(',', statuses)}}]}""", http.RequestAborted);
    }

    public async ValueTask DisposeAsync() => await CloseAsync();
}
