using System.Text;
using System.Text.Json;
using Jackpot.Contracts.Jackpots;
using Jackpot.Core.Links;
using Jackpot.Shard.Tests.Contributions;
using Jackpot.Shard.Tests.Telemetry;
using Jackpot.Streams.Deliveries;
using Jackpot.Streams.Refusals;
using Jackpot.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace Jackpot.Shard.Tests.Streams;

public sealed class BetStreamTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task The_same_bet_over_the_stream_and_over_HTTP_is_recorded_once()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(TestLedger.Quiet("plain"));
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        var (a, b) = (BetBody.Json(ledger, "a", "plain"), BetBody.Json(ledger, "b", "plain"));

        (await endpoints.SendAsync(a)).Is(200);
        Assert.Equal(["SUCCESS", "SUCCESS", "SUCCESS"], await DeliverAsync(endpoints, a, b, b));
        Assert.Equal(["SUCCESS", "SUCCESS"], await DeliverAsync(endpoints, b, a));
        Assert.Equal(2, (await endpoints.SendAsync(b)).Is(200).GetProperty("sequence").GetInt64());

        Assert.Equal(2, await ledger.StoredAsync());
        await ledger.AssertBalancedAsync();
    }

    [Fact]
    public async Task Bets_may_come_in_any_order()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(TestLedger.Quiet("plain"));
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        var bets = Enumerable.Range(0, 10).Select(i => BetBody.Json(
            ledger, $"k{i}", "plain", ("occurred_at", JsonSerializer.Serialize(ledger.Clock.GetUtcNow().AddMinutes(-i))))).ToArray();
        Assert.All(await DeliverAsync(endpoints, [.. bets.Reverse()]), status => Assert.Equal("SUCCESS", status));
        Assert.All(await DeliverAsync(endpoints, bets), status => Assert.Equal("SUCCESS", status));
        Assert.Equal(10, await ledger.StoredAsync());
    }

    [Fact]
    public async Task A_bet_with_sources_feeds_all_that_they_feed()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(TestLedger.Quiet("one") with { Sources = [new SourceDefinition(SourceKind.Vertical, "slots")] });
        await ledger.CreateJackpotAsync(TestLedger.Quiet("two") with { Sources = [new SourceDefinition(SourceKind.Vertical, "slots")] });
        await ledger.CreateJackpotAsync(TestLedger.Quiet("closed") with
        {
            Sources = [new SourceDefinition(SourceKind.Vertical, "slots")], Eligibility = new EligibilityDefinition(Games: ["game-9"]),
        });
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        var bets = Enumerable.Range(0, 30).Select(i => BetBody.Json(ledger, $"k{i}", null, ("sources", """[{"kind":"vertical","name":"slots"}]"""))).ToArray();

        for (var delivery = 0; delivery < 2; delivery++)
        {
            Assert.All(await DeliverAsync(endpoints, bets), status => Assert.Equal("SUCCESS", status));
        }

        Assert.Equal(60, await ledger.StoredAsync());
    }

    [Fact]
    public async Task What_is_refused_for_good_is_kept_with_its_reason()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(TestLedger.Quiet("plain"));
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        await endpoints.StandAsync("self_excluded", "player-2");
        using var measured = new Measured(endpoints.Services.GetRequiredService<Jackpot.Ledger.Telemetry.ShardMetrics>());

        var statuses = await DeliverAsync(
            endpoints, BetBody.Json(ledger, "good", "plain"), BetBody.Json(ledger, "gone", "nobody"), BetBody.Json(ledger, "out", "plain", ("player_id", "\"player-2\"")),
            BetBody.Json(ledger, "negative", "plain", BetBody.Bet("-1")), BetBody.Json(ledger, "tenant", "plain", ("tenant_id", "\"nobody\"")));

        Assert.All(statuses, status => Assert.Equal("SUCCESS", status));
        Assert.Equal(
            ["pool-unknown brand-42 e1 false", "not-eligible brand-42 e2 true", "amount-negative brand-42 e3 false", "tenant-unknown nobody e4 false"],
            await ledger.RowsAsync("SELECT reason, tenant_id, event_id, (detail LIKE '%self_excluded%')::text FROM rejected WHERE topic = 'bets' AND state = 'waiting' ORDER BY event_id"));
        Assert.Equal(1, await ledger.StoredAsync());
        Assert.Equal(4, measured.Of("jackpot.stream.bets refused"));
    }

    [Fact]
    public async Task When_there_is_no_room_for_what_is_refused_it_comes_again_and_good_bets_go_on()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(TestLedger.Quiet("plain"));
        await using var endpoints = await TestEndpoints.OpenAsync(ledger, services => services.AddSingleton(provider => Rejected.RejectedKit.Messages(provider, ledger, rowsMax: 0)));
        Assert.Equal(
            ["RETRY", "SUCCESS", "RETRY"], await DeliverAsync(endpoints, BetBody.Json(ledger, "gone", "nobody"), BetBody.Json(ledger, "good", "plain"), "7"));
        Assert.Equal(1, await ledger.StoredAsync());
    }

    [Fact]
    public async Task Poison_is_kept_as_it_came_and_does_not_stop_the_bets_beside_it()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(TestLedger.Quiet("plain"));
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        string[] poison = ["""{"specversion":"1.0","id":"1","data":"text"}""", """{"specversion":"1.0","id":"2"}""", "7", "null", """{"specversion":"1.0","id":"3","data":[1]}""", """{"id":"4","id":"4","data":{}}"""];
        for (var delivery = 0; delivery < 2; delivery++)
        {
            var answer = await endpoints.PostAsync("/events/bets", Delivery([.. poison, $$"""{"specversion":"1.0","id":"5","data":{{BetBody.Json(ledger, "k", "plain")}}}"""]));
            Assert.All(Statuses(answer), status => Assert.Equal("SUCCESS", status));
        }

        Assert.Equal(1, await ledger.StoredAsync());
        var ids = await ledger.RowsAsync("SELECT id FROM rejected WHERE reason = 'unreadable' AND seen = 2 ORDER BY id");
        var bodies = await Task.WhenAll(ids.Select(async id => (await endpoints.GetAsync($"/v1/admin/rejected/{id}", staffUser: "anna")).Is(200)));

        // Of an event that can be taken apart what was published: the rest Dapr makes anew, and a repetition would not be known.
        Assert.Equal(new[] { "text", poison[1], "7", "null", "[1]", poison[5] }.Order(StringComparer.Ordinal), bodies.Select(shown => shown.TryGetProperty("body", out var body) ? body.GetRawText()
            : shown.TryGetProperty("body_base64", out var bytes) ? System.Text.Encoding.UTF8.GetString(bytes.GetBytesFromBase64()) : "null").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_bet_that_reached_the_wrong_shard_is_refused_and_kept_there()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(TestLedger.Quiet("plain"));
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        Assert.Equal(["SUCCESS"], await DeliverAsync(endpoints, BetBody.Json(ledger, "k", "plain", ("tenant_id", "\"brand-43\""))));
        Assert.Equal(["tenant-of-another-region brand-43"], await ledger.RowsAsync("SELECT reason, tenant_id FROM rejected"));
        Assert.Equal(0, await ledger.StoredAsync());
    }

    [Fact]
    public async Task A_bet_that_may_yet_be_recorded_comes_again()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(TestLedger.Quiet("plain"));
        await using var endpoints = await TestEndpoints.OpenAsync(
            ledger, services => services.AddSingleton<Jackpot.Ledger.Batching.IBatchRecorders>(new TestRecorders((_, items, _) => Jackpot.Ledger.Batching.OpenBatch.AllUnavailable(items.Length))));
        Assert.Equal(["RETRY"], await DeliverAsync(endpoints, BetBody.Json(ledger, "k", "plain")));
    }

    [Fact]
    public async Task A_shard_reads_of_all_bets_only_those_that_wait_for_it_and_in_bulk()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        var bets = Assert.Single((await endpoints.GetAsync("/dapr/subscribe")).Is(200).EnumerateArray(), entry => entry.TryGetProperty("bulkSubscribe", out _));
        Assert.Equal("bets.wait.eu-mt-1", bets.GetProperty("topic").GetString());
        Assert.Equal("bets.dead", bets.GetProperty("deadLetterTopic").GetString());
        Assert.True(bets.GetProperty("bulkSubscribe").GetProperty("enabled").GetBoolean());
    }

    [Fact]
    public async Task What_the_gateway_hands_over_is_taken_like_what_waited()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(TestLedger.Quiet("plain"));
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        var (a, b) = (BetBody.Json(ledger, "a", "plain"), BetBody.Json(ledger, "b", "plain"));

        Assert.Equal(["SUCCESS", "SUCCESS"], await HandAsync(endpoints, ("jp.bet", a), ("jp.bet", b)));
        Assert.Equal(["SUCCESS", "SUCCESS"], await DeliverAsync(endpoints, b, a));
        Assert.Equal(2, await ledger.StoredAsync());
    }

    [Fact]
    public async Task What_the_gateway_refuses_is_kept_once_with_its_reason_and_is_no_stake()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(TestLedger.Quiet("plain"));
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        var poison = new RefusedEvent(EventRefusal.Unreadable, "half a pair", EventBody.Of("\"\\ud800\""u8.ToArray()));
        var elsewhere = new RefusedEvent(EventRefusal.TenantElsewhere, "another region's", EventBody.Of(Encoding.UTF8.GetBytes(BetBody.Json(ledger, "k", "plain", ("tenant_id", "\"brand-7\"")))));

        var win = BetBody.Json(ledger, "win", "plain");
        for (var delivery = 0; delivery < 2; delivery++)
        {
            Assert.Equal(["SUCCESS", "SUCCESS", "SUCCESS"], await HandAsync(
                endpoints, ("jp.bet.refused", Encoding.UTF8.GetString(poison.ToJson())), ("jp.bet.refused", Encoding.UTF8.GetString(elsewhere.ToJson())),
                ("acme.jackpot.win", win)));
        }

        Assert.Equal(
            ["event-type-unknown brand-42 2", "tenant-of-another-region brand-7 2", "unreadable  2"],
            await ledger.RowsAsync("SELECT reason, coalesce(tenant_id, ''), seen::text FROM rejected ORDER BY reason"));
        var id = Assert.Single(await ledger.RowsAsync("SELECT id::text FROM rejected WHERE reason = 'unreadable'"));
        Assert.Equal("\"\\ud800\""u8.ToArray(), (await endpoints.GetAsync($"/v1/admin/rejected/{id}", staffUser: "anna")).Is(200).GetProperty("body_base64").GetBytesFromBase64());
        Assert.Equal(0, await ledger.StoredAsync());
    }

    [Fact]
    public async Task A_rollback_off_the_stream_takes_its_bet_back_once_whether_it_comes_after_or_before_it()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(TestLedger.Quiet("plain"));
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        static (string, string) Void(string key) => ("jp.void", $$"""{"tenant_id":"brand-42","jp_contrib_id":"c-{{key}}","idempotency_key":"{{key}}-back"}""");

        // Beside so large a bet the ones that are taken back are no percent of the day.
        (await endpoints.BetAsync("plain", "day", "9000.00")).Is(200);
        var (late, early) = (BetBody.Json(ledger, "late", "plain"), BetBody.Json(ledger, "early", "plain"));
        for (var delivery = 0; delivery < 2; delivery++)
        {
            Assert.Equal(["SUCCESS", "SUCCESS"], await HandAsync(endpoints, Void("late"), ("jp.bet", late)));
            Assert.Equal(["SUCCESS"], await HandAsync(endpoints, Void("early")));
            Assert.Equal(["SUCCESS"], await HandAsync(endpoints, ("jp.bet", early)));
        }

        Assert.Equal(
            0L, await ledger.ScalarAsync<long>("SELECT (SELECT coalesce(sum(contribution), 0) FROM contribution WHERE contribution_id <> 'c-day')::bigint - (SELECT coalesce(sum(contribution), 0) FROM void)::bigint"));
        Assert.Empty(await ledger.RowsAsync("SELECT reason FROM rejected"));
        await ledger.AssertBalancedAsync();
    }

    static async Task<List<string?>> HandAsync(TestEndpoints endpoints, params (string Type, string Data)[] events) => Statuses(await endpoints.PostAsync(
        "/internal/bets", Encoding.UTF8.GetString(ShardDelivery.Write([.. events.Select((one, i) => new HandedEvent($"e{i}", one.Type, Encoding.UTF8.GetBytes(one.Data)))]).Span)));

    static async Task<List<string?>> DeliverAsync(TestEndpoints endpoints, params string[] bets) =>
        Statuses(await endpoints.PostAsync("/events/bets", Delivery([.. bets.Select((bet, i) => $$"""{"id":"e{{i}}","specversion":"1.0","type":"com.dapr.event.sent","data":{{bet}}}""")])));

    static string Delivery(string[] events) =>
        $$"""{"id":"d","topic":"bets","pubsubname":"pubsub","entries":[{{string.Join(",", events.Select((e, i) => $$"""{"entryId":"{{i}}","event":{{e}}}"""))}}]}""";

    static List<string?> Statuses(EndpointAnswer answer)
    {
        var statuses = answer.Is(200).GetProperty("statuses").EnumerateArray().ToList();
        Assert.Equal(Enumerable.Range(0, statuses.Count).Select(i => $"{i}"), statuses.Select(status => status.GetProperty("entryId").GetString()));
        return [.. statuses.Select(status => status.GetProperty("status").GetString())];
    }
}
