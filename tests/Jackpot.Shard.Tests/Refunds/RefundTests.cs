using System.Diagnostics;
using Jackpot.Ledger.Jackpots;
using Jackpot.Shard.Overdue;
using Jackpot.Shard.Refunds;
using Jackpot.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Jackpot.Shard.Tests.Refunds;

public sealed class RefundTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    static readonly int Contributions = Long.Count(3_000, 500_000);

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_window_is_taken_back_once_by_two_people_while_bets_go_on()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.Parse("2027-01-01T12:00:00Z", System.Globalization.CultureInfo.InvariantCulture));
        await using var ledger = await TestLedger.CreateAsync(postgres, clock);
        var jackpot = await ledger.CreateJackpotAsync(TestLedger.Quiet("quiet"));
        await RecordAsync(ledger, jackpot, "before", 10);
        var before = await PoolAsync(ledger);
        clock.Advance(TimeSpan.FromMinutes(1));
        var from = clock.GetUtcNow();
        await RecordAsync(ledger, jackpot, "fault", Contributions);
        clock.Advance(TimeSpan.FromMinutes(1));
        var to = clock.GetUtcNow();
        clock.Advance(TimeSpan.FromMinutes(1));
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);

        var body = $$"""{"why":"the game paid nothing","jackpot_id":"quiet","tenant_id":"brand-42","game_id":"game-1","from":"{{from:O}}","to":"{{to:O}}"}""";
        var proposed = (await endpoints.PostAsync("/v1/admin/refunds", body, "anna")).Is(201);
        var sum = Assert.Single(proposed.GetProperty("preview").GetProperty("sums").EnumerateArray());
        Assert.Equal((Contributions, "EUR", Contributions, Contributions / 8m), (
            proposed.GetProperty("preview").GetProperty("contributions").GetInt32(), sum.GetProperty("bet_currency").GetString(), sum.GetProperty("bets").GetDecimal(), sum.GetProperty("contributions_in").GetDecimal()));
        var run = endpoints.Services.GetRequiredService<RefundRun>();
        Assert.False(await run.StepAsync(Ct));
        (await endpoints.PostAsync("/v1/admin/refunds/1/approve", """{"why":"yes"}""", "anna")).IsProblem(403, "same-person");
        (await endpoints.PostAsync("/v1/admin/refunds/1/approve", """{"why":"yes"}""", "bert")).Is(200);
        (await endpoints.PostAsync("/v1/admin/refunds/1/withdraw", """{"why":"no"}""", "anna")).IsProblem(409, "not-in-this-state");

        var watch = Stopwatch.StartNew();
        var bets = 0;
        var running = Task.Run(async () =>
        {
            while (await run.StepAsync(Ct))
            {
            }
        }, Ct);
        do
        {
            (await endpoints.BetAsync("quiet", $"beside-{bets++}")).Is(200);
        }
        while (!running.IsCompleted);
        await running;
        TestContext.Current.TestOutputHelper?.WriteLine($"{Contributions / watch.Elapsed.TotalSeconds:F0} contributions taken back per second, {bets} bets beside them, one after another");

        var done = (await endpoints.GetAsync("/v1/admin/refunds/1", "anna")).Is(200);
        Assert.Equal(("done", Contributions, 0), (done.GetProperty("status").GetString(), done.GetProperty("voided").GetInt32(), done.GetProperty("passed_over").GetInt32()));
        Assert.Equal(before + bets * 200_000L, await PoolAsync(ledger));
        await ledger.AssertBalancedAsync();

        // A replica that died before it kept how far it had come does the stretch again, and every void of it is taken once.
        await ledger.ExecuteAsync("UPDATE refund SET status = 'approved', through_sequence = 0, voided = 0, contribution = 0");
        while (await run.StepAsync(Ct))
        {
        }

        Assert.Equal([$"done {Contributions} {Contributions}"], await ledger.RowsAsync("SELECT r.status, r.voided, (SELECT count(*) FROM void) FROM refund r"));
        Assert.Equal(before + bets * 200_000L, await PoolAsync(ledger));
    }

    [Fact]
    public async Task A_bet_beyond_the_limits_is_taken_back_by_settlement()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(TestLedger.Quiet("quiet"));
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        (await endpoints.BetAsync("quiet", "k")).Is(200);
        var before = await PoolAsync(ledger);
        (await endpoints.PostAsync("/v1/admin/refunds", """{"why":"too late","contribution_id":"c-k","tenant_id":"brand-42","amount":{"amount":1.00,"currency":"EUR"}}""", "anna")).Is(201);
        (await endpoints.PostAsync("/v1/admin/refunds/1/approve", null, "bert")).Is(200);
        Assert.True(await endpoints.Services.GetRequiredService<RefundRun>().StepAsync(Ct));
        Assert.Equal(before, await PoolAsync(ledger));
        Assert.Equal(["125000 125000 1 anna and bert"], await ledger.RowsAsync("SELECT contribution, carried, road, approved_by FROM void"));
        Assert.Equal(["refund proposed", "refund approved", "contributions voided", "refund done"], (await ledger.RowsAsync("SELECT action FROM audit_entry ORDER BY number"))[^4..]);
        await ledger.AssertBalancedAsync();
    }

    [Theory]
    [InlineData("""{"why":"x"}""", 422, "field-missing")]
    [InlineData("""{"why":"x","jackpot_id":"none","from":"2026-01-01T00:00:00Z","to":"2026-01-02T00:00:00Z"}""", 404, "pool-unknown")]
    [InlineData("""{"why":"x","jackpot_id":"quiet","from":"2026-01-02T00:00:00Z","to":"2026-01-01T00:00:00Z"}""", 422, "field-invalid")]
    [InlineData("""{"why":"x","jackpot_id":"quiet","from":"2026-01-02T00:00:00Z","to":"2999-01-01T00:00:00Z"}""", 422, "field-invalid")]
    [InlineData("""{"jackpot_id":"quiet","from":"2026-01-01T00:00:00Z","to":"2026-01-02T00:00:00Z"}""", 422, "field-missing")]
    public async Task A_refund_of_nothing_that_can_be_is_told_why(string body, int status, string type)
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(TestLedger.Quiet("quiet"));
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        (await endpoints.PostAsync("/v1/admin/refunds", body, "anna")).IsProblem(status, type);
    }

    [Fact]
    public async Task A_pool_that_should_have_dropped_long_ago_is_found()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var jackpot = await ledger.CreateJackpotAsync(TestLedger.Quiet("quiet"));
        await ledger.CreateJackpotAsync(TestLedger.Quiet("other"));
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        await RecordAsync(ledger, jackpot, "k", 10);
        Assert.Equal(0, await Fresh(endpoints).LookAsync(Ct));

        // As the books of a pool would stand whose draws never fire: 9.3 times the turnover that brings a drop on average.
        await ledger.ExecuteAsync("UPDATE journal SET players = -(9300000000000000000 / 8), increment = 9300000000000000000 / 8, reserve = 0, seed = 0 WHERE kind = 'batch' AND pool = 1");
        Assert.Equal(1, await Fresh(endpoints).LookAsync(Ct));
    }

    static OverdueWatch Fresh(TestEndpoints endpoints) => ActivatorUtilities.CreateInstance<OverdueWatch>(endpoints.Services);

    static async Task RecordAsync(TestLedger ledger, JackpotEntry jackpot, string prefix, int count)
    {
        var writer = ledger.NewWriter();
        foreach (var chunk in Enumerable.Range(0, count).Chunk(1_000))
        {
            await writer.RecordAsync([.. chunk.Select(i => ledger.Item(jackpot, $"{prefix}{i}"))], Ct);
        }
    }

    static Task<long> PoolAsync(TestLedger ledger) => ledger.ScalarAsync<long>("SELECT increment FROM pool_state WHERE id = 1");
}
