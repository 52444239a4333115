using System.Collections.Immutable;
using System.Text.Json;
using Jackpot.Contracts.Exports;
using Jackpot.Contracts.Jackpots;
using Jackpot.Core.Pools;
using Jackpot.Core.Verification;
using Jackpot.Ledger.Jackpots;
using Jackpot.TestKit;
using Microsoft.Extensions.Time.Testing;

namespace Jackpot.Shard.Tests.Audit;

/// <summary>What the tables hold can be computed again from the rows: by anybody for a dropped cycle, by the platform for the whole jackpot.</summary>
public sealed class ReplayTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    const long Euro = 1_000_000;

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_dropped_cycle_of_a_jackpot_with_all_kinds_of_tiers_can_be_verified_from_its_export()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres, TestClock.AtNewYear());
        await PlayAsync(ledger, 1_500);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);

        var verified = 0;
        foreach (var (pool, cycle) in await DroppedAsync(ledger))
        {
            var file = await endpoints.GetAsync($"/v1/audit/pools/{pool}/cycles/{cycle}/export");
            var export = CycleExportFile.Read(new StringReader(file.Body));
            Assert.Empty(CycleVerifier.Verify(export));
            verified++;
        }

        Assert.InRange(verified, 30, int.MaxValue);
        Assert.Equal(3L, await ledger.ScalarAsync<long>("SELECT count(DISTINCT pool) FROM award"));
    }

    [Fact]
    public async Task Replaying_the_rows_gives_what_is_stored()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres, TestClock.AtNewYear());
        await PlayAsync(ledger, 1_000);

        var report = await ReplayAsync(ledger);

        Assert.True(report.GetProperty("agrees").GetBoolean(), report.ToString());
        Assert.Equal(1_000, report.GetProperty("to_sequence").GetInt64());
        Assert.Equal(await ledger.ScalarAsync<long>("SELECT count(*) FROM award"), report.GetProperty("drops").GetInt64());
        Assert.Equal(await ledger.ScalarAsync<string>("SELECT encode(chain_head, 'hex') FROM jackpot_state"), report.GetProperty("chain_head").GetString());
    }

    [Fact]
    public async Task A_jackpot_can_be_replayed_to_any_sequence()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres, TestClock.AtNewYear());
        await PlayAsync(ledger, 300);

        foreach (var to in new[] { 1, 2, 17, 150, 299 })
        {
            var report = await ReplayAsync(ledger, to);
            var stored = await ledger.ScalarAsync<long[]>($"SELECT jp_amounts(amounts) FROM contribution WHERE sequence = {to}");
            var first = await ledger.ScalarAsync<bool>($"SELECT EXISTS (SELECT FROM award WHERE sequence = {to})");
            Assert.True(report.GetProperty("agrees").GetBoolean());
            Assert.Equal(to, report.GetProperty("to_sequence").GetInt64());
            if (!first)
            {
                Assert.Equal(stored, report.GetProperty("pools").EnumerateArray().Select(pool => (long)(pool.GetProperty("amount").GetProperty("amount").GetDecimal() * Euro)));
            }
        }
    }

    [Theory]
    [InlineData("UPDATE contribution SET stake = stake + 1 WHERE sequence = 50", "RootMismatch")]
    [InlineData("UPDATE contribution SET contribution = contribution + 1 WHERE sequence = 50", "RootMismatch")]
    [InlineData("UPDATE contribution SET amounts = set_byte(amounts, 7, (get_byte(amounts, 7) + 1) % 256) WHERE sequence = 50", "StoredMismatch")]
    [InlineData("UPDATE contribution SET body16 = gen_random_uuid() WHERE sequence = 50", "RootMismatch")]
    [InlineData("DELETE FROM contribution WHERE sequence = (SELECT min(first_sequence) FROM batch WHERE count > 1)", "CountMismatch")]
    [InlineData("DELETE FROM batch WHERE first_sequence = (SELECT max(first_sequence) FROM batch)", "StoredMismatch")]
    [InlineData("UPDATE batch SET head = decode(repeat('00', 32), 'hex') WHERE first_sequence = 1", "HeadMismatch")]
    [InlineData("UPDATE pool_state SET reserve = reserve + 1 WHERE id = 1", "StoredMismatch")]
    [InlineData("UPDATE award SET amount = amount + 10000 WHERE cycle = 1 AND pool = 1; UPDATE payout p SET amount = a.amount FROM award a WHERE a.award_id = p.award_id", "StoredMismatch")]
    [InlineData("UPDATE cycle SET opening_increment = opening_increment + 1 WHERE cycle = 2 AND pool = 1", "StoredMismatch")]
    [InlineData("UPDATE jackpot_state SET chain_head = decode(repeat('00', 32), 'hex')", "StoredMismatch")]
    public async Task What_was_changed_later_is_found(string tampering, string kind)
    {
        await using var ledger = await TestLedger.CreateAsync(postgres, TestClock.AtNewYear());
        await PlayAsync(ledger, 200);
        await ledger.ExecuteAsync(tampering);

        var report = await ReplayAsync(ledger);

        Assert.False(report.GetProperty("agrees").GetBoolean());
        Assert.Contains(report.GetProperty("findings").EnumerateArray(), finding => finding.GetProperty("kind").GetString() == kind);
    }

    [Fact]
    public async Task Cycles_that_ran_under_several_versions_of_the_terms_are_verified_under_each()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres, TestClock.AtNewYear());
        await PlayAsync(ledger, 100);
        var next = Everything() with { Pools = Everything().Pools.SetItem(0, Everything().Pools[0] with { ContributionPpm = 80_000, SeedMicros = 2 * Euro }) };
        await ledger.ExecuteAsync($"UPDATE jackpot SET approved = '{next.ToJson()}'; UPDATE jackpot_state SET version = version + 1");
        await PlayAsync(ledger, 400, "later");

        Assert.Equal(2, await ledger.ScalarAsync<int>("SELECT config_version FROM jackpot"));
        Assert.Equal(0L, await ledger.ScalarAsync<long>("SELECT count(*) FROM jackpot WHERE approved IS NOT NULL"));
        Assert.True((await ReplayAsync(ledger)).GetProperty("agrees").GetBoolean());
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        var several = 0;
        foreach (var (pool, cycle) in await DroppedAsync(ledger))
        {
            var export = CycleExportFile.Read(new StringReader((await endpoints.GetAsync($"/v1/audit/pools/{pool}/cycles/{cycle}/export")).Body));
            Assert.Empty(CycleVerifier.Verify(export));
            several += export.Configs.Length > 1 ? 1 : 0;
        }

        Assert.InRange(several, 1, int.MaxValue);
        await ledger.AssertBalancedAsync();
    }

    [Fact]
    public async Task A_replay_tells_no_secret_of_a_running_cycle()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres, TestClock.AtNewYear());
        await PlayAsync(ledger, 100);
        await ledger.ExecuteAsync("UPDATE pool_state SET increment = increment + 1");
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        var body = (await endpoints.GetAsync("/v1/audit/jackpots/all/replay")).Body;
        var entry = ledger.Directory.ByJackpot("all")!;
        await using var connection = await ledger.Database.OpenConnectionAsync(Ct);
        var loaded = (await new JackpotReader(ledger.Vault).ReadAsync(connection, [entry.Number], Ct)).Single();
        var secret = new byte[32];
        loaded.Secrets[0].CopyTo(secret);
        var mustDrop = (MustDropByAmount)loaded.Config.Pools[0].Trigger;

        Assert.DoesNotContain(Convert.ToHexStringLower(secret), body, StringComparison.Ordinal);
        Assert.DoesNotContain(PoolRules.HiddenThresholdMicros(mustDrop, loaded.State.Pools[0], loaded.Secrets[0]).ToString(System.Globalization.CultureInfo.InvariantCulture), body, StringComparison.Ordinal);
    }

    /// <summary>A must-drop by weighted amounts, one by the hour and a random one; a bet wins one tier.</summary>
    static JackpotDefinition Everything() => new(
        "all", "All Kinds", TestLedger.Shard, "EUR", [TestLedger.Tenant],
        [
            new PoolDefinition("all-amount", 100_000, 20_000, 1 * Euro, 12 * Euro, new MustDropByAmountDefinition(3 * Euro, 5 * Euro, [1, 2, 5]), SeedSharePpm: 300_000),
            new PoolDefinition("all-hour", 10_000, 5_000, 1 * Euro, null, new MustDropByTimeDefinition(new HourlyDefinition("Europe/Malta", 30), WhenNobodyPlays.RollsOver)),
            new PoolDefinition("all-random", 20_000, 5_000, 2 * Euro, 4 * Euro, new RandomTriggerDefinition(60 * Euro), SeedBoostMicros: 1 * Euro),
        ],
        TiersPerBetMax: 1);

    /// <summary>So many bets of EUR 0.10 to 10.00 in batches of random size, by two writers in turn, with minutes between them.</summary>
    static async Task PlayAsync(TestLedger ledger, int bets, string keys = "k")
    {
        var random = new Random(20_261_120);
        var jackpot = ledger.Directory.ByJackpot("all") ?? await ledger.CreateJackpotAsync(Everything());
        var writers = new[] { ledger.NewWriter(), ledger.NewWriter() };
        for (var (done, turn) = (0, 0); done < bets; turn++)
        {
            var size = Math.Min(random.Next(1, 40), bets - done);
            await writers[turn % 2].RecordAsync(
                [.. Enumerable.Range(done, size).Select(i => ledger.Item(jackpot, $"{keys}{i}", random.NextInt64(1, 101) * Euro / 10))], Ct);
            done += size;
            ((FakeTimeProvider)ledger.Clock).Advance(TimeSpan.FromMinutes(random.Next(20)));
        }
    }

    static async Task<List<(string Pool, long Cycle)>> DroppedAsync(TestLedger ledger)
    {
        await using var command = ledger.Database.CreateCommand("SELECT p.pool_id, a.cycle FROM award a JOIN pool p ON p.id = a.pool ORDER BY 1, 2");
        await using var row = await command.ExecuteReaderAsync(Ct);
        var dropped = new List<(string, long)>();
        while (await row.ReadAsync(Ct))
        {
            dropped.Add((row.GetString(0), row.GetInt64(1)));
        }

        return dropped;
    }

    static async Task<JsonElement> ReplayAsync(TestLedger ledger, long? to = null)
    {
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        var answer = await endpoints.GetAsync("/v1/audit/jackpots/all/replay" + (to is null ? "" : $"?to={to}"));
        return JsonElement.Parse(answer.Body.Trim().Split('\n')[^1]).GetProperty("report");
    }
}
