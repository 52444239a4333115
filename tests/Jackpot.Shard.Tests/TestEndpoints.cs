using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using Jackpot.Ledger.Batching;
using Jackpot.Ledger.Jackpots;
using Jackpot.Shard.Rejected;
using Jackpot.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;

namespace Jackpot.Shard.Tests;

/// <summary>
/// Every endpoint of the shard over a real Kestrel and a <see cref="TestLedger"/>'s tables, with its clock, sealing key and directory. Bets are recorded by
/// writers of the ledger, whoever owns a batcher; nothing runs in the background and no sidecar is needed.
/// </summary>
internal sealed class TestEndpoints : IAsyncDisposable
{
    const string TenantHeader = "X-Tenant-Id";
    const string StaffUserHeader = "X-Person";

    readonly WebApplication _app;
    readonly HttpClient _http;

    readonly TestLedger _ledger;

    TestEndpoints(WebApplication app, TestLedger ledger)
    {
        _app = app;
        _ledger = ledger;
        // Whatever stands in a header is sent: it is the endpoints that must refuse it.
        var handler = new SocketsHttpHandler { RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8 };
        _http = new HttpClient(handler) { BaseAddress = new Uri(app.Urls.Single()) };
    }

    /// <summary>What the endpoints are made of.</summary>
    public IServiceProvider Services => _app.Services;

    /// <summary>For requests and answers whose headers matter.</summary>
    public HttpClient Http => _http;

    /// <summary>Opens the endpoints as shard eu-mt-1.</summary>
    /// <param name="ledger">Must outlive the endpoints.</param>
    /// <param name="with">Changes registrations, for example to put a fake wallet in.</param>
    /// <param name="metrics">Whether /metrics is read. Its store takes 10 MB: hundreds of hosts with one make the garbage collector half of a test run.</param>
    public static async Task<TestEndpoints> OpenAsync(TestLedger ledger, Action<IServiceCollection>? with = null, bool metrics = false)
    {
        var ct = TestContext.Current.CancellationToken;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Shard:Id"] = ledger.ShardId,
            ["Shard:Region"] = "eu-mt",
            ["Shard:RegionsPath"] = Path.Combine(RepositoryFolder.Root, "regions"),
            ["ConnectionStrings:Shard"] = "Host=replaced-below",
        });
        builder.AddShard();
        builder.Services.RemoveAll<IHostedService>();
        builder.Services.AddSingleton(ledger.Database).AddSingleton(ledger.Clock).AddSingleton(ledger.Vault).AddSingleton(ledger.Directory).AddSingleton(ledger.Windows).AddSingleton(ledger.Batchers).AddSingleton(ledger.Election).AddSingleton(new RejectedVault(new byte[CycleVault.KeyBytes]));
        builder.Services.AddSingleton<IBatchRecorders>(RecordersOf(ledger));
        // A handler that expires holds its host for two minutes.
        builder.Services.ConfigureHttpClientDefaults(client => client.SetHandlerLifetime(Timeout.InfiniteTimeSpan));
        if (!metrics)
        {
            builder.Services.ConfigureOpenTelemetryMeterProvider(provider => provider.SetMaxMetricStreams(1));
        }

        with?.Invoke(builder.Services);

        var app = builder.Build();
        app.MapShard();
        await app.StartAsync(ct);
        return new TestEndpoints(app, ledger);
    }

    public Task<EndpointAnswer> GetAsync(string path, string? staffUser = null, string? tenant = null) => SendAsync(HttpMethod.Get, path, null, staffUser, tenant);

    /// <summary>Posts JSON; a null body is no body.</summary>
    public Task<EndpointAnswer> PostAsync(string path, string? json, string? staffUser = null, string? tenant = null) => SendAsync(HttpMethod.Post, path, json, staffUser, tenant);

    public Task<EndpointAnswer> PutAsync(string path, string json, string? staffUser = null, string? tenant = null) => SendAsync(HttpMethod.Put, path, json, staffUser, tenant);

    /// <summary>A bet of EUR 2.00 of player-1, unless told otherwise, as the operator's platform sends it.</summary>
    public Task<EndpointAnswer> BetAsync(string jackpotId, string key, string amount = "2.00", string player = "player-1") =>
        PostAsync("/v1/jp/contributions", BetJson(jackpotId, key, amount, player), tenant: TestLedger.Tenant);

    public string BetJson(string jackpotId, string key, string amount = "2.00", string player = "player-1") => $$"""
        {"jp_contrib_id":"c-{{key}}","tenant_id":"{{TestLedger.Tenant}}","jackpot_id":"{{jackpotId}}","player_id":"{{player}}","game_id":"game-1",
         "round_id":"round-{{key}}","bet":{"amount":{{amount}},"currency":"EUR"},"occurred_at":"{{_ledger.Clock.GetUtcNow():O}}","idempotency_key":"{{key}}"}
        """;

    public async Task<EndpointAnswer> SendAsync(HttpMethod method, string path, string? json, string? staffUser, string? tenant)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json");
        if (staffUser is not null)
        {
            request.Headers.Add(StaffUserHeader, staffUser);
        }

        if (tenant is not null)
        {
            request.Headers.Add(TenantHeader, tenant);
        }

        using var response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        return new EndpointAnswer(
            response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), response.Headers.Location)
        {
            RetryAfter = response.Headers.RetryAfter?.ToString(),
        };
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
    }

    /// <summary>A writer of the ledger for each batcher, without anybody else to own it.</summary>
    static TestRecorders RecordersOf(TestLedger ledger)
    {
        var writers = new ConcurrentDictionary<string, TestLedger.Writer>(StringComparer.Ordinal);
        return new TestRecorders((batcher, items, ct) => writers.GetOrAdd(batcher, _ => ledger.NewWriter()).Record(items, ct));
    }
}

/// <summary>What an endpoint answered.</summary>
internal sealed record EndpointAnswer(HttpStatusCode Status, string Body, Uri? Location)
{
    public string? RetryAfter { get; init; }

    public JsonElement Json => JsonElement.Parse(Body);

    /// <summary>The answer as JSON, when it has this status.</summary>
    public JsonElement Is(int status)
    {
        Assert.True((int)Status == status, $"{(int)Status} instead of {status}: {Body}");
        return Body.Length == 0 ? default : Json;
    }

    /// <summary>The detail of a problem of this status and type (without <c>urn:jackpot:problem:</c>).</summary>
    public string IsProblem(int status, string type)
    {
        var problem = Is(status);
        Assert.Equal("urn:jackpot:problem:" + type, problem.GetProperty("type").GetString());
        return problem.GetProperty("detail").GetString()!;
    }
}
