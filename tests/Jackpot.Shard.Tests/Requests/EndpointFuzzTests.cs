using System.Text;
using System.Text.Json;
using Jackpot.Shard.Audit;
using Jackpot.Shard.Tests.Audit;
using Jackpot.TestKit;
using Jackpot.TestKit.Fuzzing;
using Microsoft.Extensions.DependencyInjection;

namespace Jackpot.Shard.Tests.Requests;

/// <summary>
/// Every endpoint and subscription that the route table has is sent good bodies with bad places in them. No answer may be the server's own fault,
/// every refusal is a problem document, and the good neighbours of a bad item are recorded. JACKPOT_TEST_LONG=1 sends the whole number.
/// </summary>
public sealed class EndpointFuzzTests(PostgresFixture postgres, ITestOutputHelper output) : IClassFixture<PostgresFixture>
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_bytes_at_any_endpoint_are_answered_with_a_fault_of_the_server()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var opened = await OpenAsync(ledger);
        var seeds = new ShardEndpoints(ledger);
        await seeds.CreateJackpotsAsync(opened);
        var run = new FuzzRun(bodies: 3_000, bodiesLong: 60_000);
        output.WriteLine(run.ToString());
        var endpoints = FuzzRun.EndpointsOf(opened.Services);
        output.WriteLine($"{endpoints.Count} endpoints");
        await run.SendToAllAsync(
            opened.Http, endpoints, (endpoint, _) => seeds.Of(endpoint)?.ToList(), good => Spoiled(run, good), (endpoint, _) => ShardEndpoints.MayFail.ContainsKey(endpoint), Ct);
        await ledger.AssertBalancedAsync();
    }

    [Fact]
    public async Task Good_bets_beside_a_bad_one_are_recorded_in_a_batch_and_in_a_delivery()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var opened = await OpenAsync(ledger);
        var seeds = new ShardEndpoints(ledger);
        await seeds.CreateJackpotsAsync(opened);
        var run = new FuzzRun(bodies: 1_500, bodiesLong: 30_000);
        output.WriteLine(run.ToString());

        var faults = new List<string>();
        var expected = 0L;
        for (var i = 0; i < run.Bodies; i++)
        {
            var (first, second) = (seeds.Bet(ShardEndpoints.Untouched, "good-player", "good"), seeds.Bet(ShardEndpoints.Untouched, "good-player", "good"));
            var isBatch = run.Random.Next(2) == 0;
            var bad = run.Json.Mutate(Encoding.UTF8.GetBytes(isBatch ? seeds.Bet("plain") : ShardEndpoints.Event("bad", seeds.Bet("plain"))));
            var body = isBatch
                ? Around(ShardEndpoints.Batch(first, "BAD", second), bad)
                : Around(ShardEndpoints.Delivery(("0", ShardEndpoints.Event("e0", first)), ("1", "\"BAD\""), ("2", ShardEndpoints.Event("e2", second))), bad);
            var answer = await FuzzRun.SendAsync(opened.Http, Post(isBatch ? "/v1/jp/contributions/batch" : "/events/bets", body), Ct);
            var goods = IsJson(bad) ? 2 : isBatch ? 0 : 1;
            expected += goods;
            if (answer.Fault is not null || (int)answer.Status != (goods > 0 ? 200 : 400) || (goods == 2 && !AreRecorded(isBatch, answer.Body)))
            {
                faults.Add($"{goods} good ones expected: {(int)answer.Status} {answer.Body} to {Encoding.Latin1.GetString(bad.AsSpan(0, Math.Min(bad.Length, 600)))}");
            }
        }

        run.AssertNone(faults);
        Assert.Equal(expected, await ledger.ScalarAsync<long>("SELECT count(*) FROM contribution WHERE player_id = 'good-player'"));
        await ledger.AssertBalancedAsync();
    }

    static Task<TestEndpoints> OpenAsync(TestLedger ledger) => TestEndpoints.OpenAsync(ledger, services => services.AddSingleton(StubSidecar.Nowhere()).AddSingleton<AuditStore>(new MemoryAuditStore()));

    static FuzzRequest Spoiled(FuzzRun run, FuzzRequest good)
    {
        var what = run.Random.Next(10);
        return what switch
        {
            < 7 when good.Body is not null => good with { Body = run.Json.Mutate(good.Body) },
            < 9 => good with { Target = run.Targets.Mutate(good.Target) },
            _ => good with { Headers = Headers(run.Random, good.Headers) },
        };
    }

    static KeyValuePair<string, string>[] Headers(Random random, IReadOnlyList<KeyValuePair<string, string>> good)
    {
        KeyValuePair<string, string>[] tricks =
        [
            new("Idempotency-Key", new string('k', 300)), new("Idempotency-Key", ""), new("Accept", "text/html;q=a, */*;q=2"), new("Accept", "text/html"), new("If-None-Match", "\"x"),
            new("Content-Type", "application/xml"), new("Content-Type", "application/cloudevents+json"), new("traceparent", "zz"), new("X-Person", "ben"), new("X-Tenant-Id", "brand-42"),
            new("X-Tenant-Id", "nobody"), new("dapr-api-token", "x"), new("X-Person", new string('p', 300)), new("Range", "bytes=-1"), new("Dapr-Reentrancy-Id", "x"),
        ];
        var trick = tricks[random.Next(tricks.Length)];
        return random.Next(3) switch
        {
            0 => [.. good.Where(header => header.Key != trick.Key), trick],
            1 => [.. good.Where(header => header.Key != trick.Key)],
            _ => [.. good, trick],
        };
    }

    static FuzzRequest Post(string target, byte[] body) =>
        new("POST", target, body, [new("X-Tenant-Id", TestLedger.Tenant), new("Content-Type", "application/json")]);

    static byte[] Around(string body, byte[] bad)
    {
        var (before, after) = body.Split("\"BAD\"", 2) is [var one, var two] ? (one, two) : (body.Split("BAD", 2)[0], body.Split("BAD", 2)[1]);
        return [.. Encoding.UTF8.GetBytes(before), .. bad, .. Encoding.UTF8.GetBytes(after)];
    }

    /// <summary>Whether a parser that looks at nothing but the grammar finds one value.</summary>
    static bool IsJson(byte[] bytes)
    {
        var json = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = int.MaxValue });
        try
        {
            return json.Read() && json.TrySkip() && !json.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    static bool AreRecorded(bool isBatch, string answer)
    {
        var results = JsonElement.Parse(answer).GetProperty(isBatch ? "results" : "statuses").EnumerateArray().Select(result => result.GetProperty("status").GetString()).ToList();
        return results.Count == 3 && results[0] == (isBatch ? "accepted" : "SUCCESS") && results[2] == results[0];
    }
}
