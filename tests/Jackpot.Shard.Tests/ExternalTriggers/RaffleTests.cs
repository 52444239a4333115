using Jackpot.Core.Chain;
using Jackpot.Core.Draws;
using Jackpot.Core.Ids;
using Jackpot.Ledger.Contributions;
using Jackpot.Ledger.Jackpots;
using Jackpot.Shard.Tests.Storage.Archive;
using Jackpot.TestKit;
using Microsoft.Extensions.Time.Testing;

namespace Jackpot.Shard.Tests.ExternalTriggers;

/// <summary>Raffles: stakes buy tickets, staff draws, tickets win.</summary>
public sealed class RaffleTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(60)]
    [InlineData(1_000)]
    public async Task Drawn_tickets_win_for_whoever_bought_them_in_the_order_of_buying(int winners)
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var jackpot = await ledger.CreateJackpotAsync(TriggerKit.Raffle("raffle", winners));
        var holders = await BuyAsync(ledger, jackpot, "first");
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);

        var award = (await endpoints.DrawAsync("raffle-main", "d1")).Is(200).GetProperty("award");

        var drawn = award.GetProperty("winning_tickets").EnumerateArray().Select(ticket => ticket.GetInt64()).ToList();
        Assert.Equal(Math.Min(winners, holders.Count), drawn.Distinct().Count());
        Assert.Equal(drawn, await RecomputedAsync(ledger, holders.Count, winners));
        Assert.Equal(drawn, await ledger.ScalarAsync<long[]>("SELECT winning_tickets FROM award"));
        Assert.Equal(drawn.Select(ticket => holders[(int)ticket - 1]), await ledger.RowsAsync("SELECT player_id FROM payout ORDER BY winner"));
        Assert.Equal(["True"], await ledger.RowsAsync("""
            SELECT a.player_id = p.player_id AND c.player_id = a.player_id AND a.called_by = 'd1'
            FROM award a JOIN payout p ON p.award_id = a.award_id AND p.winner = 0 JOIN contribution c ON c.contribution_id = a.contribution_id
            """));
        await AssertEqualSharesAsync(ledger, drawn.Count);
        await endpoints.AssertSoundAsync(ledger, "raffle");
    }

    [Fact]
    public async Task Tickets_of_the_next_cycle_are_numbered_from_one_again()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var jackpot = await ledger.CreateJackpotAsync(TriggerKit.Raffle("raffle", 1_000));
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        await BuyAsync(ledger, jackpot, "first");
        (await endpoints.DrawAsync("raffle-main", "d1")).Is(200);
        var holders = await BuyAsync(ledger, jackpot, "second");

        var drawn = (await endpoints.DrawAsync("raffle-main", "d2")).Is(200).GetProperty("award").GetProperty("winning_tickets");

        Assert.Equal(Enumerable.Range(1, holders.Count).Select(ticket => (long)ticket), drawn.EnumerateArray().Select(ticket => ticket.GetInt64()).Order());
        Assert.Equal(
            drawn.EnumerateArray().Select(ticket => holders[(int)ticket.GetInt64() - 1]),
            await ledger.RowsAsync("SELECT p.player_id FROM payout p JOIN award a USING (award_id) WHERE a.cycle = 2 ORDER BY winner"));
        await endpoints.AssertSoundAsync(ledger, "raffle");
    }

    [Fact]
    [Trait("Rule", "R58")]
    public async Task A_draw_waits_for_tickets_whose_rows_are_in_the_archive_and_then_pays_their_holders()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2025, 3, 1, 12, 0, 0, TimeSpan.Zero));
        await using var ledger = await TestLedger.CreateAsync(postgres, clock);
        using var archive = new TestArchive(ledger);
        var jackpot = await ledger.CreateJackpotAsync(TriggerKit.Raffle("raffle", 1_000));
        var holders = await BuyAsync(ledger, jackpot, "old");
        clock.Advance(TimeSpan.FromDays(401));
        holders.AddRange(await BuyAsync(ledger, jackpot, "new"));
        await archive.BalanceAsync();
        Assert.Equal(["2025-03-01"], await archive.RunAsync());
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);

        (await endpoints.DrawAsync("raffle-main", "d1")).IsProblem(503, "archive-not-read-yet");
        Assert.Equal(0L, await ledger.ScalarAsync<long>("SELECT count(*) FROM award"));
        Assert.Empty(await archive.RunAsync());
        var award = (await endpoints.DrawAsync("raffle-main", "d1")).Is(200).GetProperty("award");

        var drawn = award.GetProperty("winning_tickets").EnumerateArray().Select(ticket => ticket.GetInt64()).ToList();
        Assert.Equal(holders.Count, drawn.Count);
        Assert.Equal(drawn.Select(ticket => holders[(int)ticket - 1]), await ledger.RowsAsync("SELECT player_id FROM payout ORDER BY winner"));
        await endpoints.AssertSoundAsync(ledger, "raffle");
    }

    [Fact]
    public async Task The_audit_log_tells_who_drew_and_why_and_what_came_of_it()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var jackpot = await ledger.CreateJackpotAsync(TriggerKit.Raffle("raffle", 2));
        await BuyAsync(ledger, jackpot, "first");
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);

        (await endpoints.DrawAsync("raffle-main", "d1", "Saturday's draw", "anna")).Is(200);
        (await endpoints.DrawAsync("raffle-main", "d1", "Saturday's draw", "ben")).Is(200);

        var entry = Assert.Single(await ledger.RowsAsync("SELECT component, action, person, why, before, after FROM audit_entry WHERE action = 'raffle drawn'"));
        Assert.StartsWith("pool raffle-main raffle drawn anna Saturday's draw cycle 1, 61 tickets sold, ", entry, StringComparison.Ordinal);
        Assert.Contains(await ledger.ScalarAsync<string>("SELECT award_id FROM award"), entry, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_drawn_is_refused_with_its_own_reason()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var jackpot = await ledger.CreateJackpotAsync(TriggerKit.Raffle("raffle", 2));
        await ledger.CreateJackpotAsync(TriggerKit.External("ext"));
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);

        (await endpoints.DrawAsync("raffle-main", "d1", staffUser: null)).IsProblem(401, "person-missing");
        (await endpoints.DrawAsync("none", "d1")).IsProblem(404, "pool-unknown");
        (await endpoints.DrawAsync("ext-main", "d1")).IsProblem(422, "pool-not-called");
        (await endpoints.DrawAsync("raffle-main", "d1", why: "")).IsProblem(422, "field-missing");
        (await endpoints.DrawAsync("raffle-main", "d1")).IsProblem(409, "no-tickets-sold");
        await BuyAsync(ledger, jackpot, "first");
        (await endpoints.DrawAsync("raffle-main", "d1")).Is(200);
        (await endpoints.DrawAsync("raffle-main", "d1", "another reason")).IsProblem(409, "idempotency-key-reused");
        Assert.Equal(1L, await ledger.ScalarAsync<long>("SELECT count(*) FROM award"));
    }

    /// <summary>Bets of EUR 0.50 to 4.50 in several batches. Returns the holder of every ticket, in the order of buying; counted here, not by the code under test.</summary>
    static async Task<List<string>> BuyAsync(TestLedger ledger, JackpotEntry jackpot, string keys)
    {
        var holders = new List<string>();
        var writer = ledger.NewWriter();
        var items = new List<AcceptedContribution>();
        for (var i = 0; i < 30; i++)
        {
            var player = $"{keys}-{i % 8}";
            items.Add(ledger.Item(jackpot, $"{keys}{i}", 500_000 + i % 5 * 1_000_000, player));
            holders.AddRange(Enumerable.Repeat(player, i % 5));
        }

        foreach (var batch in items.Chunk(9))
        {
            await writer.RecordAsync(batch, Ct);
        }

        await writer.RecordAsync([ledger.Item(jackpot, keys + "last", 1_000_000, "last")], Ct);
        holders.Add("last");
        return holders;
    }

    /// <summary>The draw as anybody can repeat it, from the secret that the cycle has published and the head of the last batch.</summary>
    static async Task<IEnumerable<long>> RecomputedAsync(TestLedger ledger, int sold, int winners)
    {
        var secret = new CycleSecret(await ledger.ScalarAsync<byte[]>("SELECT secret FROM cycle WHERE cycle = 1"));
        var head = new Hash32(await ledger.ScalarAsync<byte[]>("SELECT head FROM batch ORDER BY first_sequence DESC LIMIT 1"));
        return RaffleDraw.Winners(secret, PoolId.Parse("raffle-main"), 1, head, sold, winners);
    }

    static async Task AssertEqualSharesAsync(TestLedger ledger, int tickets)
    {
        var award = await ledger.ScalarAsync<long>("SELECT amount FROM award");
        var amounts = await ledger.ScalarAsync<long[]>("SELECT array_agg(amount ORDER BY winner) FROM payout");
        var equal = award / 10_000 / tickets * 10_000;
        Assert.Equal(award, amounts.Sum());
        Assert.All(amounts.Skip(1), amount => Assert.Equal(equal, amount));
        Assert.InRange(amounts[0] - equal, 0, 10_000 * (tickets - 1));
    }
}
