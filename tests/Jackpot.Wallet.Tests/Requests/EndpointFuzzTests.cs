using System.Text;
using Jackpot.LocalProcesses;
using Jackpot.TestKit;
using Jackpot.TestKit.Fuzzing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Jackpot.Wallet.Tests.Requests;

/// <summary>Every endpoint of the wallet is sent good requests with bad places in them.</summary>
public sealed class EndpointFuzzTests(PostgresFixture postgres, ITestOutputHelper output) : IClassFixture<PostgresFixture>
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_bytes_at_any_endpoint_are_answered_with_a_fault_of_the_server()
    {
        await using var app = await OpenAsync();
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        await ReadyAsync(http);
        var run = new FuzzRun(bodies: 600, bodiesLong: 5_000);
        output.WriteLine(run.ToString());

        // A transaction that is refused is answered with the transaction.
        await run.SendToAllAsync(
            http, FuzzRun.EndpointsOf(app.Services), (endpoint, number) => Seed(endpoint, number) is { } seed ? [seed] : null,
            good => good.Body is { } body && run.Random.Next(10) < 8 ? good with { Body = run.Json.Mutate(body) } : good with { Target = run.Targets.Mutate(good.Target) },
            (_, answer) => (int)answer.Status == 422 && answer.Body.Contains("\"status\":\"refused\"", StringComparison.Ordinal), Ct);
    }

    [Theory]
    [InlineData("a%2Fb", "a/b")]
    [InlineData("a%252Fb", "a%2Fb")]
    public async Task An_id_in_a_path_is_decoded_once_and_can_be_said_in_the_query(string inPath, string id)
    {
        await using var app = await OpenAsync();
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        await ReadyAsync(http);
        Assert.Equal(200, (int)(await FuzzRun.SendAsync(http, Post(Transaction(id)), Ct)).Status);
        foreach (var target in new[] { "/wallet/transaction/" + inPath, "/wallet/transaction?transaction_id=" + Uri.EscapeDataString(id) })
        {
            var found = await FuzzRun.SendAsync(http, Get(target), Ct);
            Assert.True((int)found.Status == 200, $"{target}: {found}");
        }
    }

    [Fact]
    public async Task A_name_that_stands_twice_is_refused()
    {
        await using var app = await OpenAsync();
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        await ReadyAsync(http);
        var twice = Transaction("twice").Replace("\"amount\":10.00", "\"amount\":10.00,\"amount\":99.00", StringComparison.Ordinal);
        Assert.Equal(400, (int)(await FuzzRun.SendAsync(http, Post(twice), Ct)).Status);
    }

    async Task<WebApplication> OpenAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:Wallet"] = await postgres.CreateDatabaseAsync(),
            ["Wallet:FaultEndpoint"] = "true",
        });
        builder.AddWallet();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.MapWallet();
        await app.StartAsync(Ct);
        return app;
    }

    static Task ReadyAsync(HttpClient http) => Eventually.TrueAsync(async () => (int)(await FuzzRun.SendAsync(http, Get("/readyz"), Ct)).Status == 200);

    static FuzzRequest? Seed(string endpoint, int number) => endpoint switch
    {
        "GET /healthz" or "GET /readyz" or "GET /metrics" or "GET /wallet-admin/faults" or "GET /wallet-admin/flaws" or "GET /openapi/v1.json" => Get(endpoint[4..]),
        "POST /wallet/transaction" => Post(Transaction($"t-{number}")),
        "POST /wallet/transaction/batch" or "POST /wallet/cancel/batch" => Send(
            "POST", endpoint[5..], $$"""{"batch_id":"b-{{number}}","transactions":[{{Transaction($"b-{number}-1")}},{{Transaction($"b-{number}-2")}}]}"""),
        "POST /wallet/cancel" => Send("POST", "/wallet/cancel", Transaction($"c-{number}")),
        "POST /wallet/authenticate" => Send("POST", "/wallet/authenticate", """{"tenant_id":"brand-42","player_token":"token-1"}"""),
        "PUT /wallet-admin/sessions" => Send(
            "PUT", "/wallet-admin/sessions", """{"player_token":"token-1","tenant_id":"brand-42","player_id":"p","currency":"EUR","jurisdiction":"MT","segments":["vip"]}"""),
        "PUT /wallet-admin/flaws" => Send("PUT", "/wallet-admin/flaws", """{"flaws":["gives_no_reasons"]}"""),
        "GET /wallet/transaction/{id}" => Get("/wallet/transaction/t-1"),
        "GET /wallet/transaction" => Get("/wallet/transaction?transaction_id=t-1"),
        "GET /wallet/transactions" => Get("/wallet/transactions?after=0&limit=10"),
        "GET /wallet/balance" => Get("/wallet/balance?tenant_id=brand-42&player_id=player-1&currency=EUR"),
        "PUT /wallet-admin/players/{tenant}/{player}/closed" or "DELETE /wallet-admin/players/{tenant}/{player}/closed" => Send(endpoint.Split(' ')[0], "/wallet-admin/players/brand-42/closed-player/closed", null),
        "PUT /wallet-admin/players/closed" => Send("PUT", "/wallet-admin/players/closed", """{"tenant_id":"brand-42","player_id":"a/b"}"""),
        "DELETE /wallet-admin/players/closed" => Send("DELETE", "/wallet-admin/players/closed?tenant_id=brand-42&player_id=p", null),

        // Refusals only: the other faults take time or an answer away, as they are asked to.
        "POST /wallet-admin/faults" => Send("POST", "/wallet-admin/faults", """{"kind":"refuse","count":1,"delay_ms":0,"reason":"a reason"}"""),
        "DELETE /wallet-admin/faults" => Send("DELETE", "/wallet-admin/faults", null),
        _ => null,
    };

    static string Transaction(string id) => $$"""
        {"transaction_id":"{{id}}","transaction_type":"Credit","player_id":"player-1","tenant_id":"brand-42","amount":10.00,"currency":"EUR","reference":"award-1"}
        """;

    static FuzzRequest Get(string target) => Send("GET", target, null);

    static FuzzRequest Post(string body) => Send("POST", "/wallet/transaction", body);

    static FuzzRequest Send(string verb, string target, string? body) =>
        new(verb, target, body is null ? null : Encoding.UTF8.GetBytes(body), body is null ? [] : [new("Content-Type", "application/json")]);
}
