using System.Collections.Concurrent;
using System.Net;
using Jackpot.LocalProcesses;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Jackpot.Gateway.Tests;

/// <summary>What reached a shard: enough to see that the gateway changed nothing it should not.</summary>
public sealed record SeenRequest(string Method, string Target, IReadOnlyDictionary<string, string> Headers, string Body, string RawTarget);

/// <summary>A shard that answers every request with its own name and remembers what it saw.</summary>
public sealed class StubShard : IAsyncDisposable
{
    readonly WebApplication _app;

    StubShard(string name, int port)
    {
        Url = $"http://127.0.0.1:{port}";
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        _app = builder.Build();
        _app.Run(async http =>
        {
            using var body = new StreamReader(http.Request.Body);
            Seen.Enqueue(new SeenRequest(http.Request.Method, $"{http.Request.Path}{http.Request.QueryString}",
                http.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
                await body.ReadToEndAsync(http.RequestAborted), http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget));
            if (http.Request.Path.Value!.EndsWith("/held", StringComparison.Ordinal))
            {
                await Release.Task.WaitAsync(http.RequestAborted);
            }

            http.Response.StatusCode = 409;
            http.Response.Headers["X-Shard-Header"] = "kept";
            await http.Response.WriteAsync(name, http.RequestAborted);
        });
    }

    public string Url { get; }

    /// <summary>Until it is set, requests whose path ends with /held get no answer.</summary>
    public TaskCompletionSource Release { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ConcurrentQueue<SeenRequest> Seen { get; } = new();

    public static async Task<StubShard> StartAsync(string name, int? port = null)
    {
        var shard = new StubShard(name, port ?? FreePort.Next());
        await shard._app.StartAsync();
        return shard;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
