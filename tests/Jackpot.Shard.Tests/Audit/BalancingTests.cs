using System.Text.Json;
using Jackpot.Contracts.Events;
using Jackpot.Core.Audit;
using Jackpot.Core.Pools;
using Jackpot.Ledger.Jackpots;
using Jackpot.Ledger.Leadership;
using Jackpot.Ledger.Settings;
using Jackpot.Ledger.Telemetry;
using Jackpot.Regulator.Audit;
using Jackpot.Shard.Balancing;
using Jackpot.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Jackpot.Shard.Tests.Audit;

/// <summary>The books balance to the micro-unit, and one that does not stops its jackpot.</summary>
[Trait("Rule", "R51")]
public sealed class BalancingTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    // As a faulty program or a hand in the tables would.
    const string OneMicroTooMuch = "UPDATE pool_state s SET reserve = reserve + 1 FROM pool p WHERE p.id = s.id AND p.pool_id = 'pot-main'";
    const string Mended = "UPDATE pool_state s SET reserve = reserve - 1 FROM pool p WHERE p.id = s.id AND p.pool_id = 'pot-main'";

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pools_operators_and_days_balance_after_play_and_drops_and_amounts_are_money()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var ledger = await TestLedger.CreateAsync(postgres, clock);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        var pot = await ledger.CreateJackpotAsync(TestLedger.MustDrop("pot"));
        await PlayAsync(ledger, pot, "first", 90);
        clock.Advance(TimeSpan.FromDays(1));
        await PlayAsync(ledger, pot, "second", 90);
        Assert.True(await ledger.ScalarAsync<long>("SELECT count(*) FROM award") >= 1);

        var pool = Assert.Single(Rows(await endpoints.GetAsync("/v1/audit/balancing"), 200));
        var tenant = Assert.Single(Rows(await endpoints.GetAsync("/v1/audit/balancing?by=tenant&jackpot=pot"), 200));
        var days = Rows(await endpoints.GetAsync("/v1/audit/balancing?by=day"), 200);

        // 180 bets of EUR 1.00 at 10 % and 2.5 %.
        Assert.Equal(22.5m, Amount(pool, "contributions"));
        Assert.Equal(0m, Amount(pool, "difference"));
        Assert.Equal(Amount(pool, "contributions") + Amount(pool, "house_seeded") - Amount(pool, "awarded"), Amount(pool, "closing"));
        Assert.Equal(22.5m, Amount(tenant, "contributions_by_journal"));
        Assert.Equal(180, tenant.GetProperty("tenants")[0].GetProperty("count").GetInt32());
        Assert.Equal(2, days.Count);
        Assert.Equal(Amount(days[0], "closing"), Amount(days[1], "opening"));
        Assert.Equal(Amount(pool, "closing"), Amount(days[1], "closing"));
        Assert.Equal(11.25m, Amount(days[1], "contributions"));
    }

    [Theory]
    [InlineData("by=pool")]
    [InlineData("by=day")]
    public async Task One_micro_unit_too_much_stops_the_jackpot_once_and_no_other(string by)
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        await PlayAsync(ledger, await ledger.CreateJackpotAsync(TestLedger.Quiet("pot")), "k", 10);
        await ledger.CreateJackpotAsync(TestLedger.Quiet("other"));

        await ledger.ExecuteAsync(OneMicroTooMuch);
        var row = Assert.Single(Rows(await endpoints.GetAsync("/v1/audit/balancing?" + by), 409));
        Assert.Equal(409, (int)(await endpoints.GetAsync("/v1/audit/balancing?" + by)).Status);

        Assert.Equal("pot-main", row.GetProperty("pool_id").GetString());
        Assert.Equal(0.000001m, Amount(row, "difference"));
        var incident = JsonSerializer.Deserialize(
            await ledger.ScalarAsync<string>($"SELECT payload FROM outbox WHERE kind = '{Topics.BalancingIncident}'"), EventJson.Default.BalancingIncident)!;
        Assert.Equal(("pot", true), (incident.JackpotId, incident.Paused));
        Assert.Equal(await ledger.ScalarAsync<long>("SELECT version FROM jackpot_state WHERE status = 'paused'"), incident.Version);
        Assert.Contains(incident.Differences, difference => difference.Found.Micros - difference.Expected.Micros == 1);
        Assert.Equal(1L, await ledger.ScalarAsync<long>($"SELECT count(*) FROM outbox WHERE kind = '{Topics.BalancingIncident}'"));
        Assert.Equal(1L, await ledger.ScalarAsync<long>("SELECT count(*) FROM balancing_incident"));
        (await endpoints.BetAsync("pot", "refused")).IsProblem(409, "jackpot-paused");
        (await endpoints.BetAsync("other", "taken")).Is(200);
    }

    [Fact]
    [Trait("Rule", "R22")]
    public async Task The_audit_log_tells_who_stopped_it_and_why()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        await ledger.CreateJackpotAsync(TestLedger.Quiet("pot"));
        await ledger.ExecuteAsync(OneMicroTooMuch);

        await endpoints.GetAsync("/v1/audit/balancing");

        await using var connection = await ledger.Database.OpenConnectionAsync(Ct);
        var entry = Assert.Single(await AuditLogReader.ReadAsync(connection, 0, 10, Ct), entry => entry.Entry.StaffUser == BalancingIncidents.StaffUser).Entry;
        Assert.Equal(("jackpot pot", "balancing.incident", "balancing", "active", "paused"), (entry.Component, entry.Action, entry.StaffUser, entry.Before, entry.After));
        Assert.Contains("0.000001", entry.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Once_mended_and_resumed_it_takes_bets_and_a_new_fault_is_a_new_incident()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        await ledger.CreateJackpotAsync(TestLedger.Quiet("pot"));
        await ledger.ExecuteAsync(OneMicroTooMuch);
        await endpoints.GetAsync("/v1/audit/balancing");

        await ledger.ExecuteAsync(Mended);
        (await endpoints.GetAsync("/v1/audit/balancing")).Is(200);
        Assert.True((await endpoints.PostAsync("/v1/admin/jackpots/pot/resume", """{"why":"mended"}""", staffUser: "ann")).Status is System.Net.HttpStatusCode.OK or System.Net.HttpStatusCode.NoContent);
        (await endpoints.BetAsync("pot", "after")).Is(200);
        (await endpoints.GetAsync("/v1/audit/balancing")).Is(200);

        await ledger.ExecuteAsync(OneMicroTooMuch);
        (await endpoints.GetAsync("/v1/audit/balancing")).Is(409);
        Assert.Equal(2L, await ledger.ScalarAsync<long>("SELECT count(*) FROM balancing_incident"));
    }

    [Theory]
    [InlineData("DELETE FROM contribution WHERE sequence = 3", 9)]
    [InlineData("UPDATE contribution SET contribution = contribution + 1 WHERE sequence = 3", 10)]
    public async Task A_missing_or_altered_contribution_shows_by_operator(string damage, int left)
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        await PlayAsync(ledger, await ledger.CreateJackpotAsync(TestLedger.Quiet("pot")), "k", 10);
        (await endpoints.GetAsync("/v1/audit/balancing?by=tenant")).Is(200);

        await ledger.ExecuteAsync(damage);
        var row = Assert.Single(Rows(await endpoints.GetAsync("/v1/audit/balancing?by=tenant"), 409));

        Assert.Equal((left, 10), (row.GetProperty("count_by_tenants").GetInt32(), row.GetProperty("count_by_sequence").GetInt32()));
        Assert.Equal("paused", await ledger.ScalarAsync<string>("SELECT status FROM jackpot_state"));
    }

    [Fact]
    public async Task What_the_house_pays_for_balances_by_operator_as_well()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        await PlayAsync(ledger, await ledger.CreateJackpotAsync(TestLedger.Quiet("pot") with { Funding = FundingMode.Marketing }), "k", 10);

        Assert.Equal(1.25m, Amount(Assert.Single(Rows(await endpoints.GetAsync("/v1/audit/balancing?by=tenant"), 200)), "contributions_by_tenants"));
    }

    [Fact]
    public async Task A_run_reads_only_what_was_written_since_the_last_one()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        var run = endpoints.Services.GetRequiredService<BalancingRun>();
        var pot = await ledger.CreateJackpotAsync(TestLedger.Quiet("pot"));
        await PlayAsync(ledger, pot, "first", 10);
        var first = await run.RunAsync(Ct);
        await PlayAsync(ledger, pot, "second", 10);

        var second = await run.RunAsync(Ct);

        Assert.Equal((true, 1, 0), (first!.Recounted, first.Jackpots, first.Differing));
        Assert.Equal((false, 1, 0), (second!.Recounted, second.Jackpots, second.Differing));
        Assert.Equal(2_500_000L, await ledger.ScalarAsync<long>("SELECT sum(contribution)::bigint FROM contribution_day"));
        Assert.Equal(-2_500_000L, await ledger.ScalarAsync<long>("SELECT sum(players)::bigint FROM journal_day"));
        Assert.Equal(2L, await ledger.ScalarAsync<long>("SELECT count(*) FROM balancing_run"));

        // The views add what came after the marks.
        await PlayAsync(ledger, pot, "third", 10);
        Assert.Equal(3_750_000L, await ledger.ScalarAsync<long>("SELECT sum(contribution)::bigint FROM contribution_by_day"));
        Assert.Equal(-3_750_000L, await ledger.ScalarAsync<long>("SELECT sum(players)::bigint FROM journal_by_day"));
    }

    [Fact]
    public async Task A_run_stops_what_differs_and_counts_from_the_rows_before_it_does()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        var run = endpoints.Services.GetRequiredService<BalancingRun>();
        await PlayAsync(ledger, await ledger.CreateJackpotAsync(TestLedger.Quiet("pot")), "k", 10);
        await ledger.CreateJackpotAsync(TestLedger.Quiet("other"));
        await run.RunAsync(Ct);

        await ledger.ExecuteAsync("UPDATE journal_day SET players = players - 1");
        Assert.Equal(0, (await run.RunAsync(Ct))!.Differing);
        await ledger.ExecuteAsync(OneMicroTooMuch);
        Assert.Equal(1, (await run.RunAsync(Ct))!.Differing);
        Assert.Equal(1, (await run.RunAsync(Ct))!.Differing);

        Assert.Equal(1L, await ledger.ScalarAsync<long>("SELECT count(*) FROM balancing_incident"));
        Assert.Equal("other active, pot paused", await ledger.ScalarAsync<string>(
            "SELECT string_agg(jackpot_id || ' ' || status, ', ' ORDER BY jackpot_id) FROM jackpot JOIN jackpot_state USING (id)"));
    }

    [Fact]
    public async Task An_altered_old_journal_row_is_found_once_a_day()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var ledger = await TestLedger.CreateAsync(postgres, clock);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        var run = endpoints.Services.GetRequiredService<BalancingRun>();
        await PlayAsync(ledger, await ledger.CreateJackpotAsync(TestLedger.Quiet("pot")), "k", 10);
        await run.RunAsync(Ct);

        await ledger.ExecuteAsync("UPDATE journal SET players = players - 1, increment = increment + 1 WHERE kind = 'batch'");
        Assert.Equal(0, (await run.RunAsync(Ct))!.Differing);
        clock.Advance(TimeSpan.FromDays(1));

        Assert.Equal(1, (await run.RunAsync(Ct))!.Differing);
    }

    [Fact]
    public async Task A_run_goes_on_for_as_long_as_it_gets_further_and_ends_when_it_does_not()
    {
        const int Bets = 60;
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        var writer = ledger.NewWriter();
        var jackpot = await ledger.CreateJackpotAsync(TestLedger.Quiet("pot"));
        for (var i = 0; i < Bets; i++)
        {
            await writer.RecordAsync([ledger.Item(jackpot, $"k{i}")], Ct);
        }

        // A page takes at least 0.05 s, so that 120 pages of one row take far longer than may pass without a page.
        await ledger.ExecuteAsync("""
            CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.05); RETURN NULL; END $$;
            CREATE TRIGGER slow AFTER INSERT ON journal_day FOR EACH STATEMENT EXECUTE FUNCTION slow();
            CREATE TRIGGER slow AFTER INSERT ON contribution_day FOR EACH STATEMENT EXECUTE FUNCTION slow()
            """);
        BalancingRun RunOf(TimeSpan stepTimeMax) => new(
            ledger.Election, endpoints.Services.GetRequiredService<BalancingIncidents>(),
            new ShardOptions { Id = TestLedger.Shard, Region = "eu-mt", RegionsPath = Path.Combine(RepositoryFolder.Root, "regions"), LongReadPageRows = 1 },
            endpoints.Services.GetRequiredService<ShardMetrics>(), ledger.Clock) { StepTimeMax = stepTimeMax };
        var stepTimeMax = TimeSpan.FromSeconds(3);

        var clock = System.Diagnostics.Stopwatch.StartNew();
        var result = await RunOf(stepTimeMax).RunAsync(Ct);

        Assert.True(clock.Elapsed > stepTimeMax, $"the run took {clock.Elapsed}, which proves nothing");
        Assert.Equal((1, 0), (result!.Jackpots, result.Differing));
        await ledger.ExecuteAsync("DELETE FROM journal_day; DELETE FROM contribution_day; DELETE FROM balancing_mark");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => RunOf(TimeSpan.FromMilliseconds(20)).RunAsync(Ct));
        Assert.Equal(0L, await ledger.ScalarAsync<long>("SELECT count(*) FROM balancing_mark"));
    }

    [Fact]
    public async Task Two_runs_at_a_time_are_one()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        await using var other = await ledger.Election.TryLeadAsync(LeaderRole.Balancing, Ct);
        Assert.NotNull(other);

        Assert.Null(await endpoints.Services.GetRequiredService<BalancingRun>().RunAsync(Ct));
    }

    [Theory]
    [InlineData("?by=week", 422, "field-invalid")]
    [InlineData("?by=day&from=2026-02-30", 422, "field-invalid")]
    [InlineData("?by=day&from=2026-02-02&to=2026-02-01", 422, "field-invalid")]
    [InlineData("?jackpot=nowhere", 404, "not-found")]
    public async Task What_cannot_be_answered_is_refused(string query, int status, string type)
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        (await endpoints.GetAsync("/v1/audit/balancing" + query)).IsProblem(status, type);
    }

    static async Task PlayAsync(TestLedger ledger, JackpotEntry jackpot, string key, int bets) =>
        await ledger.NewWriter().RecordAsync([.. Enumerable.Range(0, bets).Select(i => ledger.Item(jackpot, $"{jackpot.Number}-{key}-{i}"))], Ct);

    static List<JsonElement> Rows(EndpointAnswer answer, int status) => [.. answer.Is(status).GetProperty("rows").EnumerateArray()];

    static decimal Amount(JsonElement row, string name) => row.GetProperty(name).GetDecimal();
}
