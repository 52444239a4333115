using System.Collections.Concurrent;
using System.Text.Json;
using Jackpot.Dapr.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Jackpot.Shard.Tests.Outbox;

/// <summary>A sidecar that takes bulk publishes, keeps what it took in order, and can be told what it does not take.</summary>
internal sealed class StubBroker : IAsyncDisposable
{
    /// <summary>Dapr's own limit of a call unless it is set.</summary>
    public const int CallBytesMax = 4 << 20;

    readonly WebApplication _app;

    StubBroker(WebApplication app) => _app = app;

    public ConcurrentQueue<(string Topic, string Payload)> Taken { get; } = [];

    /// <summary>Bytes of every call that came.</summary>
    public ConcurrentQueue<int> Calls { get; } = [];

    /// <summary>The whole call is refused that has such an event.</summary>
    public Func<string, bool> Refuses { get; set; } = _ => false;

    /// <summary>Such an event fails; the others of its call are taken.</summary>
    public Func<string, bool> Fails { get; set; } = _ => false;

    /// <summary>Awaited before every answer.</summary>
    public Func<Task> Before { get; set; } = () => Task.CompletedTask;

    public DaprClient Client { get; private set; } = null!;

    public static async Task<StubBroker> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        var broker = new StubBroker(builder.Build());
        broker._app.Run(broker.TakeAsync);
        await broker._app.StartAsync(TestContext.Current.CancellationToken);
        broker.Client = new DaprClientBuilder().UseHttpEndpoint(broker._app.Urls.Single()).Build();
        return broker;
    }

    public IEnumerable<string> On(string topic) => Taken.Where(one => one.Topic == topic).Select(one => one.Payload);

    async Task TakeAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        Calls.Enqueue((int)body.Length);
        await Before();
        if (body.Length > CallBytesMax)
        {
            http.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
            return;
        }

        List<(string Id, string Payload)> entries;
        try
        {
            entries = [.. JsonElement.Parse(body.ToArray()).EnumerateArray().Select(entry => (entry.GetProperty("entryId").GetString()!, entry.GetProperty("event").GetRawText()))];
        }
        catch (JsonException)
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        if (entries.Exists(entry => Refuses(entry.Payload)))
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        var topic = http.Request.Path.Value!.Split('/')[^1];
        var failed = entries.Where(entry => Fails(entry.Payload)).ToList();
        foreach (var entry in entries.Except(failed))
        {
            Taken.Enqueue((topic, entry.Payload));
        }

        http.Response.StatusCode = failed.Count == 0 ? StatusCodes.Status204NoContent : StatusCodes.Status500InternalServerError;
        if (failed.Count > 0)
        {
            await http.Response.WriteAsJsonAsync(new { failedEntries = failed.Select(entry => new { entryId = entry.Id, error = "not taken" }) });
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }
}
