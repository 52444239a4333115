using System.Net;
using System.Text;
using System.Text.Json;
using Jackpot.LocalProcesses;
using Jackpot.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Jackpot.Gateway.Tests.Streams;

/// <summary>The gateway of region north in process, between a stub sidecar and two stub shards; region south is somewhere else.</summary>
internal sealed class StreamGateway : IAsyncDisposable
{
    readonly WebApplication _app;
    readonly HttpClient _http = new();

    StreamGateway(WebApplication app, StreamSidecar sidecar, StreamShard one, StreamShard two, string publicUrl, string appUrl) =>
        (_app, Sidecar, One, Two, PublicUrl, AppUrl) = (app, sidecar, one, two, publicUrl, appUrl);

    public StreamSidecar Sidecar { get; }

    /// <summary>Shard north-1 with tenant brand-1; the region's first.</summary>
    public StreamShard One { get; }

    /// <summary>Shard north-2 with tenant brand-2.</summary>
    public StreamShard Two { get; }

    public string PublicUrl { get; }

    public string AppUrl { get; }

    public IServiceProvider Services => _app.Services;

    /// <param name="settings">More of them.</param>
    /// <param name="with">Changes registrations.</param>
    /// <param name="regions">Another folder of regions.</param>
    public static async Task<StreamGateway> OpenAsync(IReadOnlyDictionary<string, string?>? settings = null, Action<IServiceCollection>? with = null, string? regions = null)
    {
        var sidecar = await StreamSidecar.StartAsync();
        var (one, two) = (await StreamShard.StartAsync(), await StreamShard.StartAsync());
        var (publicPort, appPort) = (FreePort.Next(), FreePort.Next());
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Gateway:Region"] = "north",
            ["Gateway:RegionsPath"] = regions ?? Path.Combine(RepositoryFolder.Root, "tests/Jackpot.Gateway.Tests/Regions/Data"),
            ["Gateway:Shards:north-1"] = one.Url,
            ["Gateway:Shards:north-2"] = two.Url,
            ["APP_PORT"] = $"{appPort}",
            ["DAPR_GRPC_ENDPOINT"] = sidecar.Url,
            ["DAPR_HTTP_ENDPOINT"] = sidecar.Url,
        }).AddInMemoryCollection(settings ?? new Dictionary<string, string?>());
        builder.WebHost.UseUrls($"http://127.0.0.1:{publicPort}", $"http://127.0.0.1:{appPort}");
        builder.AddGateway();
        with?.Invoke(builder.Services);
        var app = builder.Build();
        app.MapGateway();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new StreamGateway(app, sidecar, one, two, $"http://127.0.0.1:{publicPort}", $"http://127.0.0.1:{appPort}");
    }

    /// <summary>A bet of a tenant as it is published.</summary>
    public static string Bet(string tenant, string key) => $$"""{"tenant_id":"{{tenant}}","idempotency_key":"{{key}}"}""";

    /// <summary>A bet in the envelope that Dapr puts around it.</summary>
    public static string Event(string data, string type = "com.dapr.event.sent") => $$"""{"specversion":"1.0","id":"{{Guid.NewGuid()}}","source":"op","data":{{data}},"type":"{{type}}"}""";

    /// <summary>Delivers events in bulk and answers their statuses in order.</summary>
    public Task<List<string>> DeliverAsync(params string[] events) =>
        DeliverAsync("/events/bets", [.. events.Select((one, i) => $$"""{"metadata":{},"entryId":"{{i}}","event":{{one}},"contentType":"application/cloudevents+json"}""")]);

    public async Task<List<string>> DeliverAsync(string path, string[] entries)
    {
        var (status, body) = await PostAsync(AppUrl + path, $$"""{"id":"d","topic":"bets","pubsubname":"bets","metadata":{},"entries":[{{string.Join(',', entries)}}]}""");
        Assert.True(status == HttpStatusCode.OK, $"{(int)status} {body}");
        var statuses = JsonElement.Parse(body).GetProperty("statuses").EnumerateArray().ToList();
        Assert.Equal(Enumerable.Range(0, statuses.Count).Select(i => $"{i}"), statuses.Select(one => one.GetProperty("entryId").GetString()));
        return [.. statuses.Select(one => one.GetProperty("status").GetString()!)];
    }

    public async Task<(HttpStatusCode Status, string Body)> PostAsync(string url, string json, string? token = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        if (token is not null)
        {
            request.Headers.Add("dapr-api-token", token);
        }

        using var answer = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    public async Task<(HttpStatusCode Status, string Body)> GetAsync(string url)
    {
        using var answer = await _http.GetAsync(url, TestContext.Current.CancellationToken);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
        await One.DisposeAsync();
        await Two.DisposeAsync();
        await Sidecar.DisposeAsync();
    }
}
