using System.Text;
using System.Text.Json;
using Jackpot.Contracts.Events;
using Jackpot.Ledger.Dedupe;
using Jackpot.Ledger.Jackpots;
using Jackpot.Ledger.Telemetry;
using Jackpot.Shard.Rejected;
using Jackpot.Shard.Tests.Contributions;
using Jackpot.Shard.Tests.Telemetry;
using Jackpot.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace Jackpot.Shard.Tests.Rejected;

/// <summary>What nobody could take is kept once, sealed and bounded, and staff send it again or give it up.</summary>
public sealed class RejectedMessageTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task A_message_is_kept_once_however_often_and_by_whichever_way_it_comes()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        var (bet, other) = (BetBody.Json(ledger, "a", "gone"), BetBody.Json(ledger, "b", "gone"));

        Assert.True(await endpoints.HandOverAsync(Topics.Bets, bet, bet));
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ => Assert.True(await endpoints.HandOverAsync(Topics.Bets, bet, other))));
        Assert.Equal("SUCCESS", (await endpoints.PostAsync("/events/dead/bets", Event("x", Topics.Bets, bet))).Is(200).GetProperty("status").GetString());

        Assert.Equal([11, 8], (await endpoints.ListAsync()).Select(message => message.GetProperty("seen").GetInt64()));
    }

    [Fact]
    public async Task A_body_lies_sealed_in_the_table_and_who_reads_it_stands_in_the_audit_log()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        var bet = BetBody.Json(ledger, "a", "gone", ("player_id", "\"canary-player\""));
        Assert.True(await endpoints.HandOverAsync(Topics.Bets, bet));
        var id = await endpoints.OnlyAsync();

        Assert.DoesNotContain("canary", string.Join('\n', await ledger.RowsAsync("SELECT r::text, encode(body, 'escape') FROM rejected r")), StringComparison.Ordinal);
        Assert.DoesNotContain("canary", (await endpoints.GetAsync("/v1/admin/rejected")).Body, StringComparison.Ordinal);
        (await endpoints.GetAsync($"/v1/admin/rejected/{id}")).Is(401);
        Assert.Equal(bet, (await endpoints.GetAsync($"/v1/admin/rejected/{id}", staffUser: "anna")).Is(200).GetProperty("body").GetRawText());
        Assert.Equal([$"rejected message {id} show anna"], await ledger.RowsAsync("SELECT component, action, person FROM audit_entry"));
        Assert.DoesNotContain("canary", string.Join('\n', await ledger.RowsAsync("SELECT a::text FROM audit_entry a")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_sealed_body_opens_with_the_regions_key_and_for_its_own_message_alone()
    {
        var (vault, other) = (new RejectedVault(new byte[CycleVault.KeyBytes]), new RejectedVault([1, .. new byte[CycleVault.KeyBytes - 1]]));
        var name = vault.NameOf("bets", "x"u8);
        var blob = vault.Seal("x"u8, name);

        Assert.Equal("x"u8.ToArray(), vault.Open(blob, name));
        Assert.NotEqual(name, other.NameOf("bets", "x"u8));
        Assert.NotEqual(name, vault.NameOf("bets\0x", ""u8));
        Assert.ThrowsAny<System.Security.Cryptography.CryptographicException>(() => other.Open(blob, name));
        Assert.ThrowsAny<System.Security.Cryptography.CryptographicException>(() => vault.Open(blob, vault.NameOf("bets", "y"u8)));
        Assert.ThrowsAny<System.Security.Cryptography.CryptographicException>(() => vault.Open(blob.AsSpan(1), name));
    }

    [Fact]
    public async Task A_bet_sent_again_is_recorded_once_and_stays_decided()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        var bet = BetBody.Json(ledger, "a", "late");
        Assert.True(await endpoints.HandOverAsync(Topics.Bets, bet));
        var id = await endpoints.OnlyAsync();

        Assert.Contains("pool-unknown", (await endpoints.PostAsync($"/v1/admin/rejected/{id}/retry", RejectedKit.Why, staffUser: "anna")).IsProblem(422, "rejected-again"), StringComparison.Ordinal);
        await ledger.CreateJackpotAsync(TestLedger.Quiet("late"));
        var retries = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => endpoints.PostAsync($"/v1/admin/rejected/{id}/retry", RejectedKit.Why, staffUser: "anna")));

        Assert.Single(retries, retry => retry.Status == System.Net.HttpStatusCode.OK);
        Assert.All(retries, retry => Assert.True((int)retry.Status is 200 or 409, retry.Body));
        Assert.Equal(1, await ledger.StoredAsync());
        var message = Assert.Single(await endpoints.ListAsync("?state=retried"));
        Assert.Equal(("anna", "the provider was asked"), (message.GetProperty("decided_by").GetString(), message.GetProperty("why").GetString()));
        Assert.InRange(message.GetProperty("attempts").GetInt32(), 2, 5);
        (await endpoints.PostAsync($"/v1/admin/rejected/{id}/drop", RejectedKit.Why, staffUser: "anna")).IsProblem(409, "not-in-this-state");

        Assert.True(await endpoints.HandOverAsync(Topics.Bets, bet));
        Assert.Empty(await endpoints.ListAsync("?state=waiting"));
        await ledger.AssertBalancedAsync();
    }

    [Fact]
    public async Task A_retry_whose_end_was_not_noted_is_retried_without_another_effect()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(TestLedger.Quiet("plain"));
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        Assert.True(await endpoints.HandOverAsync(Topics.Bets, BetBody.Json(ledger, "a", "plain")));
        var id = await endpoints.OnlyAsync();
        (await endpoints.PostAsync($"/v1/admin/rejected/{id}/retry", RejectedKit.Why, staffUser: "anna")).Is(200);
        await ledger.ExecuteAsync("UPDATE rejected SET state = 'waiting', decided_at = NULL");

        (await endpoints.PostAsync($"/v1/admin/rejected/{id}/retry", RejectedKit.Why, staffUser: "anna")).Is(200);
        Assert.Equal(1, await ledger.StoredAsync());
    }

    [Fact]
    public async Task A_mended_body_is_sent_in_place_of_what_came_and_both_are_kept()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(TestLedger.Quiet("plain"));
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        Assert.True(await endpoints.HandOverAsync(Topics.Bets, """{"id":"1","data":"no bet"}"""));
        var id = await endpoints.OnlyAsync();
        var mended = BetBody.Json(ledger, "a", "plain");

        (await endpoints.PostAsync($"/v1/admin/rejected/{id}/retry", RejectedKit.Why, staffUser: "anna")).IsProblem(422, "rejected-again");
        (await endpoints.PostAsync($"/v1/admin/rejected/{id}/retry", """{"why":"x","body":7}""", staffUser: "anna")).IsProblem(422, "rejected-again");
        (await endpoints.PostAsync($"/v1/admin/rejected/{id}/retry", $$"""{"body":{{mended}}}""", staffUser: "anna")).IsProblem(422, "field-missing");
        (await endpoints.PostAsync($"/v1/admin/rejected/{id}/retry", $$"""{"why":"mended","body":{{mended}}}""", staffUser: "anna")).Is(200);

        Assert.Equal(1, await ledger.StoredAsync());
        var shown = (await endpoints.GetAsync($"/v1/admin/rejected/{id}", staffUser: "anna")).Is(200);
        Assert.Equal("no bet", shown.GetProperty("body").GetProperty("data").GetString());
        Assert.Equal("a", shown.GetProperty("mended_body").GetProperty("idempotency_key").GetString());
        Assert.Equal(["retry as it came", "retry mended,", "retry mended,", "show"], (await ledger.RowsAsync("SELECT action, left(after, 10) FROM audit_entry WHERE component LIKE 'rejected message %' ORDER BY number"))
            .Select(row => row.StartsWith("retry mended,", StringComparison.Ordinal) ? "retry mended," : row));
    }

    [Fact]
    public async Task A_bet_that_cannot_be_recorded_at_the_moment_waits_on()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(TestLedger.Quiet("plain"));
        await using var endpoints = await TestEndpoints.OpenAsync(
            ledger, services => services.AddSingleton<Jackpot.Ledger.Batching.IBatchRecorders>(new TestRecorders((_, items, _) => Jackpot.Ledger.Batching.OpenBatch.AllUnavailable(items.Length))));
        Assert.True(await endpoints.HandOverAsync(Topics.Bets, BetBody.Json(ledger, "a", "plain")));
        (await endpoints.PostAsync($"/v1/admin/rejected/{await endpoints.OnlyAsync()}/retry", RejectedKit.Why, staffUser: "anna")).IsProblem(503, "unavailable");
        Assert.Equal("pool-unknown", Assert.Single(await endpoints.ListAsync("?state=waiting")).GetProperty("reason").GetString());
    }

    [Fact]
    public async Task What_is_dropped_is_sent_nowhere_and_goes_after_its_time()
    {
        var clock = TestClock.AtNewYear();
        await using var ledger = await TestLedger.CreateAsync(postgres, clock);
        await ledger.CreateJackpotAsync(TestLedger.Quiet("plain"));
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        Assert.True(await endpoints.HandOverAsync(Topics.Bets, BetBody.Json(ledger, "a", "plain"), BetBody.Json(ledger, "b", "plain")));
        var id = (await endpoints.ListAsync())[0].GetProperty("id").GetInt64();

        Assert.Equal("dropped", (await endpoints.PostAsync($"/v1/admin/rejected/{id}/drop", RejectedKit.Why, staffUser: "anna")).Is(200).GetProperty("state").GetString());
        (await endpoints.PostAsync($"/v1/admin/rejected/{id}/retry", RejectedKit.Why, staffUser: "anna")).IsProblem(409, "not-in-this-state");
        (await endpoints.PostAsync("/v1/admin/rejected/999/drop", RejectedKit.Why, staffUser: "anna")).IsProblem(404, "not-found");
        Assert.Equal(0, await ledger.StoredAsync());
        Assert.Equal(["drop anna the provider was asked"], await ledger.RowsAsync("SELECT action, person, why FROM audit_entry WHERE component LIKE 'rejected message %'"));

        await ExpiredRows.DeleteAsync(ledger.Database, clock, TestContext.Current.CancellationToken);
        Assert.Equal(2, (await endpoints.ListAsync()).Count);
        clock.Advance(ExpiredRows.RejectedKept + TimeSpan.FromMinutes(1));
        await ExpiredRows.DeleteAsync(ledger.Database, clock, TestContext.Current.CancellationToken);
        Assert.Equal("waiting", Assert.Single(await endpoints.ListAsync()).GetProperty("state").GetString());
    }

    [Theory]
    [InlineData(3, long.MaxValue)]
    [InlineData(long.MaxValue, 3 * 29)]
    public async Task A_full_table_takes_nothing_new_and_knows_what_it_has(long rowsMax, long bytesMax)
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger, services => services.AddSingleton(provider => RejectedKit.Messages(provider, ledger, rowsMax, bytesMax)));
        using var measured = new Measured(endpoints.Services.GetRequiredService<ShardMetrics>());
        Assert.True(await endpoints.HandOverAsync(Topics.Bets, "1", "2", "3"));

        Assert.False(await endpoints.HandOverAsync(Topics.Bets, "4"));
        Assert.False(await endpoints.HandOverAsync(Topics.Bets, "1", "4"));
        Assert.True(await endpoints.HandOverAsync(Topics.Bets, "3", "1", "2"));
        Assert.Equal("RETRY", (await endpoints.PostAsync("/events/dead/events", "no event")).Is(200).GetProperty("status").GetString());
        Assert.Equal(3, (await endpoints.ListAsync()).Count);

        (await endpoints.PostAsync($"/v1/admin/rejected/{(await endpoints.ListAsync())[0].GetProperty("id")}/drop", RejectedKit.Why, staffUser: "anna")).Is(200);
        Assert.True(await endpoints.HandOverAsync(Topics.Bets, "4"));
        Assert.Equal(3, measured.Of("jackpot.rejected.left"));
        Assert.Equal(4, measured.Of("jackpot.rejected.messages bets"));
    }

    [Fact]
    public async Task Writers_that_come_at_once_do_not_fill_it_beyond_its_bound()
    {
        const int RowsMax = 25;
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger, services => services.AddSingleton(provider => RejectedKit.Messages(provider, ledger, RowsMax)));
        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => endpoints.HandOverAsync(Topics.Bets, $"{i}")));
        Assert.Equal((long)RowsMax, await ledger.ScalarAsync<long>("SELECT count(*) FROM rejected"));
    }

    [Fact]
    public async Task The_alarm_comes_when_half_is_used()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger, services => services.AddSingleton(provider => RejectedKit.Messages(provider, ledger, rowsMax: 4)));
        var log = new TestLog<RejectedWatch>();
        var watch = new RejectedWatch(ledger.Database, endpoints.Services.GetRequiredService<RejectedMessages>(),
            ledger.Loops with { Metrics = endpoints.Services.GetRequiredService<ShardMetrics>() }, log);
        Assert.True(await endpoints.HandOverAsync(Topics.Bets, "1"));
        await watch.LookAsync(TestContext.Current.CancellationToken);
        Assert.Empty(log.Entries);
        Assert.True(await endpoints.HandOverAsync(Topics.Bets, "2"));
        await watch.LookAsync(TestContext.Current.CancellationToken);
        Assert.Contains("50 %", Assert.Single(log.Entries).Message, StringComparison.Ordinal);
        using var measured = new Measured(endpoints.Services.GetRequiredService<ShardMetrics>());
        Assert.Equal(2, measured.Of("jackpot.rejected.waiting"));
        Assert.Equal(0.5, measured.Of("jackpot.rejected.full_ratio"));
    }

    [Fact]
    public async Task The_list_has_pages_and_filters()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        Assert.True(await endpoints.HandOverAsync(Topics.Bets, "1", "2", "3"));
        (await endpoints.PostAsync("/events/dead/events", Event("p", Topics.PayoutHeld, """{"tenant_id":"brand-42"}"""))).Is(200);

        var (seen, after) = (new List<long>(), (long?)0);
        while (after is not null)
        {
            var page = (await endpoints.GetAsync($"/v1/admin/rejected?limit=3&after={after}")).Is(200);
            seen.AddRange(page.GetProperty("rejected").EnumerateArray().Select(message => message.GetProperty("id").GetInt64()));
            after = page.TryGetProperty("next", out var next) ? next.GetInt64() : null;
        }

        Assert.Equal(4, seen.Distinct().Count());
        Assert.Equal(seen.Order(), seen);
        Assert.Single(await endpoints.ListAsync($"?topic={Topics.PayoutHeld}"));
        Assert.Equal(3, (await endpoints.ListAsync("?reason=pool-unknown&state=waiting")).Count);
        Assert.Equal(4, (await endpoints.ListAsync("?tenant=brand-42")).Count);
        Assert.Empty(await endpoints.ListAsync("?tenant=brand-43"));
        (await endpoints.GetAsync("/v1/admin/rejected?state=lost")).IsProblem(422, "field-invalid");
        (await endpoints.GetAsync("/v1/admin/rejected?limit=201")).IsProblem(422, "field-invalid");
        (await endpoints.GetAsync("/v1/admin/rejected?after=x")).IsProblem(422, "field-invalid");
    }

    [Fact]
    public async Task A_payout_event_that_failed_to_the_end_is_kept_and_goes_to_its_topic_again_under_its_id()
    {
        await using var sidecar = await StubSidecar.StartAsync();
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger, services => services.AddSingleton(sidecar.Client));
        var payout = Event("payout-1", Topics.PayoutHeld, """{"tenant_id":"brand-42","payout_id":"p"}""");
        Assert.Equal("SUCCESS", (await endpoints.PostAsync("/events/dead/events", payout)).Is(200).GetProperty("status").GetString());

        (await endpoints.PostAsync($"/v1/admin/rejected/{await endpoints.OnlyAsync()}/retry", RejectedKit.Why, staffUser: "anna")).Is(200);

        var published = Assert.Single(sidecar.Published);
        Assert.Equal((Topics.PayoutHeld, "application/cloudevents+json", payout), (published.Topic, published.DataContentType, published.Data.ToStringUtf8()));
    }

    [Fact]
    public async Task While_the_sidecar_is_away_an_event_waits_on()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger, services => services.AddSingleton(StubSidecar.Nowhere()));
        (await endpoints.PostAsync("/events/dead/events", Event("p", Topics.PayoutHeld, """{"tenant_id":"brand-42"}"""))).Is(200);
        (await endpoints.PostAsync($"/v1/admin/rejected/{await endpoints.OnlyAsync()}/retry", RejectedKit.Why, staffUser: "anna")).IsProblem(503, "unavailable");
        await endpoints.OnlyAsync();
    }

    [Fact]
    public async Task A_dead_letter_is_kept_by_its_tenants_shard_and_what_belongs_to_nobody_by_the_regions_first()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var first = await TestEndpoints.OpenAsync(ledger);
        await using var othersLedger = await TestLedger.CreateAsync(postgres, shard: "eu-mt-2");
        await using var second = await TestEndpoints.OpenAsync(othersLedger);
        string[] bodies =
        [
            Event("1", Topics.Bets, """{"tenant_id":"brand-42"}"""), Event("2", Topics.Bets, """{"tenant_id":"brand-43"}"""), Event("3", Topics.Bets, """{"tenant_id":"nobody"}"""),
            Event("4", Topics.Bets, """{"tenant_id":"brand-7"}"""), "no event", "{\"a\":", "",
        ];
        foreach (var body in bodies)
        {
            Assert.Equal("SUCCESS", (await first.PostAsync("/events/dead/bets", body)).Is(200).GetProperty("status").GetString());
            Assert.Equal("SUCCESS", (await second.PostAsync("/events/dead/bets", body)).Is(200).GetProperty("status").GetString());
        }

        Assert.Equal(["brand-42", "nobody", "brand-7", "", "", ""], (await first.ListAsync()).Select(TenantOf));
        Assert.Equal(["brand-43"], (await second.ListAsync()).Select(TenantOf));

        static string TenantOf(JsonElement message) => message.TryGetProperty("tenant_id", out var tenant) ? tenant.GetString()! : "";
    }

    [Fact]
    public async Task A_whole_delivery_is_kept_and_what_is_said_of_it_is_cut_to_its_room()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        Assert.True(await endpoints.HandOverAsync(Topics.Bets, [.. Enumerable.Range(0, RejectedMessages.MessagesMax).Select(i => $"{i}")]));
        Assert.True(await endpoints.HandOverAsync(new string('t', 500) + "\0", new string('x', 100_000)));
        Assert.Equal([$"{RejectedMessage.TopicCharsMax} 1", $"{Topics.Bets.Length} {RejectedMessages.MessagesMax}"], await ledger.RowsAsync("SELECT length(topic), count(*) FROM rejected GROUP BY 1 ORDER BY 1 DESC"));
    }

    static string Event(string id, string topic, string data) =>
        $$"""{"id":"{{id}}","specversion":"1.0","type":"com.dapr.event.sent","source":"shard-eu-mt-1","topic":"{{topic}}","datacontenttype":"application/json","data":{{data}}}""";
}
