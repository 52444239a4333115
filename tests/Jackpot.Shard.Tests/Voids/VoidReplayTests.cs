using Jackpot.Contracts.Exports;
using Jackpot.Core.Verification;
using Jackpot.Core.Voids;
using Jackpot.Ledger.Contributions;
using Jackpot.Ledger.Jackpots;
using Jackpot.Shard.Contributions;
using Jackpot.TestKit;

namespace Jackpot.Shard.Tests.Voids;

/// <summary>What voids have done can be computed again from the rows, and what was changed of them later is found.</summary>
public sealed class VoidReplayTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    static readonly int Steps = Long.Count(150, 3_000);

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_cycle_with_voids_verifies_from_its_export_and_the_jackpot_replays()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var jackpot = await ledger.CreateJackpotAsync(TestLedger.MustDrop("drop"));
        await LiveAsync(ledger, jackpot, Steps);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);

        var withVoids = 0;
        foreach (var cycle in await ledger.RowsAsync("SELECT cycle FROM award ORDER BY cycle"))
        {
            var export = CycleExportFile.Read(new StringReader((await endpoints.GetAsync($"/v1/audit/pools/drop-main/cycles/{cycle}/export")).Body));
            Assert.Empty(CycleVerifier.Verify(export));
            withVoids += export.VoidSteps.Length;
        }

        Assert.InRange(withVoids, 10, int.MaxValue);
        await ledger.AssertBalancedAsync();
        var report = (await endpoints.GetAsync("/v1/audit/jackpots/drop/replay")).Body;
        Assert.Contains("\"agrees\":true", report, StringComparison.Ordinal);
        Assert.Equal(["0"], await ledger.RowsAsync("""
            SELECT (SELECT coalesce(sum(contribution), 0) FROM contribution) - (SELECT coalesce(sum(contribution), 0) FROM void) + sum(players) FROM journal
            """));
    }

    [Theory]
    [InlineData("UPDATE void SET stake = stake + 1 WHERE number = 5", "RootMismatch")]
    [InlineData("UPDATE void SET contribution = contribution + 1 WHERE number = 5", "RootMismatch")]
    [InlineData("UPDATE void SET bet = bet + 1 WHERE number = 5", "VoidMismatch")]
    [InlineData("UPDATE void SET road = 1 - road WHERE number = 5", "RootMismatch")]
    [InlineData("UPDATE void SET key16 = gen_random_uuid() WHERE number = 5", "RootMismatch")]
    [InlineData("UPDATE void_step SET head = decode(repeat('00', 32), 'hex') WHERE first_number = 1", "HeadMismatch")]
    [InlineData("DELETE FROM void WHERE jackpot = 1; DELETE FROM void_step", "HeadMismatch")]
    public async Task A_void_that_was_changed_later_is_found(string tampering, string kind)
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var jackpot = await ledger.CreateJackpotAsync(TestLedger.MustDrop("drop"));
        await LiveAsync(ledger, jackpot, 40);
        await ledger.ExecuteAsync(tampering);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        var report = (await endpoints.GetAsync("/v1/audit/jackpots/drop/replay")).Body;
        Assert.Contains("\"agrees\":false", report, StringComparison.Ordinal);
        Assert.Contains(kind, report, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Writers_that_race_take_every_bet_and_every_void_once()
    {
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var jackpot = await ledger.CreateJackpotAsync(TestLedger.MustDrop("drop"));
        AcceptedContribution[] bets = [.. Enumerable.Range(0, 60).Select(i => ledger.Item(jackpot, $"k{i}", 1_000_000 + i))];
        await ledger.NewWriter().RecordAsync(bets, Ct);
        AcceptedContribution[] voids = [.. Enumerable.Range(0, 60).Select(i => Void(ledger, jackpot, i + 1, $"v{i}", null))];
        var more = Enumerable.Range(60, 60).Select(i => ledger.Item(jackpot, $"k{i}", 1_000_000 + i)).ToArray();

        await Task.WhenAll(Enumerable.Range(0, 3).Select(async writer =>
        {
            var random = new Random(seed + writer);
            var own = ledger.NewWriter();
            foreach (var items in voids.Concat(more).OrderBy(_ => random.Next()).Chunk(7))
            {
                for (var left = items; left.Length > 0;)
                {
                    var answers = await own.RecordAsync(left, Ct);
                    left = [.. left.Where((_, i) => answers[i].Kind == RecordedKind.Unavailable)];
                }
            }
        }));

        Assert.Equal(["120 60 60"], await ledger.RowsAsync("SELECT (SELECT count(*) FROM contribution), count(*), count(DISTINCT sequence) FROM void"));
        await ledger.AssertBalancedAsync();
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        Assert.Contains("\"agrees\":true", (await endpoints.GetAsync("/v1/audit/jackpots/drop/replay")).Body, StringComparison.Ordinal);
    }

    /// <summary>Alone each of them would be within the limit.</summary>
    [Fact]
    public async Task Voids_of_one_batch_are_together_no_more_than_one_percent_of_the_day()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var jackpot = await ledger.CreateJackpotAsync(TestLedger.Quiet("quiet"));
        var writer = ledger.NewWriter();
        await writer.RecordAsync([.. Enumerable.Range(0, 100).Select(i => ledger.Item(jackpot, $"k{i}"))], Ct);

        var answers = await writer.RecordAsync([.. Enumerable.Range(1, 3).Select(i => Limited(Void(ledger, jackpot, i, $"v{i}", 400_000)))], Ct);

        Assert.Equal([RecordedKind.Voided, RecordedKind.Voided, RecordedKind.VoidRefused], answers.Select(answer => answer.Kind));
        Assert.Equal(VoidResult.TooMuch, answers[2].Void!.Result);
        answers = await writer.RecordAsync([Limited(Void(ledger, jackpot, 3, "v4", 200_000)), Limited(Void(ledger, jackpot, 3, "v5", 100))], Ct);
        Assert.Equal([RecordedKind.Voided, RecordedKind.VoidRefused], answers.Select(answer => answer.Kind));
        await ledger.AssertBalancedAsync();

        static AcceptedContribution Limited(AcceptedContribution one) => one with { Void = one.Void! with { Limits = VoidLimits.Default } };
    }

    /// <summary>Bets, and voids of the last of them: whole and in part, out of the pools and by settlement, before and after drops.</summary>
    static async Task LiveAsync(TestLedger ledger, JackpotEntry jackpot, int steps)
    {
        var random = new Random(7);
        var writer = ledger.NewWriter();
        var bets = 0;
        for (var step = 0; step < steps; step++)
        {
            var items = Enumerable.Range(0, random.Next(1, 6)).Select(_ => ledger.Item(jackpot, $"k{bets++}", random.NextInt64(1, 40_000_000))).ToList();
            for (var i = random.Next(3); i > 0 && bets > 10; i--)
            {
                items.Add(Void(ledger, jackpot, random.Next(Math.Max(1, bets - 20), bets - 5), $"v{step}-{i}", random.Next(2) == 0 ? null : random.NextInt64(1, 20_000_000), random.Next(5) == 0 ? VoidRoad.Settlement : VoidRoad.Pools));
            }

            await writer.RecordAsync([.. items], Ct);
        }
    }

    static AcceptedContribution Void(TestLedger ledger, JackpotEntry jackpot, long sequence, string key, long? betMicros, VoidRoad road = VoidRoad.Pools) => ledger.Item(jackpot, key) with
    {
        Key16 = ContributionHash.Of(["void", TestLedger.Tenant, key]),
        Id16 = Guid.Empty,
        Void = new VoidItem(sequence, betMicros, "EUR", road, null, "a reason", "anna and bert"),
    };
}
