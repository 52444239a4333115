using Jackpot.Shard.Payouts;
using Jackpot.TestKit;
using Npgsql;

namespace Jackpot.Shard.Tests.Payouts;

/// <summary>The tables themselves refuse payouts that are not the award.</summary>
public sealed class PayoutShareTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    const string NotTheAward = "JP003";

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_drop_without_a_community_is_one_payout_of_the_whole_award()
    {
        await using var ledger = await DroppedAsync();

        Assert.Equal(["True"], await ledger.RowsAsync("""
            SELECT p.payout_id = 'payout-' || a.award_id AND p.winner = 0 AND p.amount = a.amount AND p.state = 'requested'
                AND p.tenant_id = a.tenant_id AND p.player_id = a.player_id AND a.house = 0 AND a.called_by IS NULL
            FROM award a JOIN payout p USING (award_id)
            """));
    }

    [Theory]
    [InlineData("INSERT INTO payout SELECT payout_id || '-1', award_id, state, reason, attempts, requested_at, changed_at, 1, tenant_id, player_id, 1 FROM payout")]
    [InlineData("UPDATE payout SET amount = amount - 10000")]
    [InlineData("DELETE FROM payout")]
    [InlineData("UPDATE award SET amount = amount + 10000")]
    [InlineData("UPDATE award SET house = 10000")]
    public async Task Money_that_no_winner_has_or_that_nobody_awarded_cannot_be_committed(string change)
    {
        await using var ledger = await DroppedAsync();

        Assert.Equal(NotTheAward, (await Assert.ThrowsAsync<PostgresException>(() => ledger.ExecuteAsync(change))).SqlState);
    }

    [Fact]
    public async Task An_award_without_a_payout_cannot_be_committed_by_a_pipelined_batch_either()
    {
        await using var ledger = await DroppedAsync();
        await using var batch = ledger.Database.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand("""
            INSERT INTO award (award_id, pool, cycle, jackpot, sequence, amount, currency, tenant_id, player_id, contribution_id, game_id, round_id, awarded_at)
            SELECT 'another', pool, cycle + 1, jackpot, sequence, amount, currency, tenant_id, player_id, contribution_id, game_id, round_id, awarded_at FROM award
            """));
        batch.BatchCommands.Add(new NpgsqlBatchCommand("SELECT 1"));

        Assert.Equal(NotTheAward, (await Assert.ThrowsAsync<PostgresException>(() => batch.ExecuteNonQueryAsync(Ct))).SqlState);
        Assert.Equal(1L, await ledger.ScalarAsync<long>("SELECT count(*) FROM award"));
    }

    [Fact]
    public async Task Two_winners_of_one_award_are_credited_each_for_themselves()
    {
        await using var ledger = await DroppedAsync();
        await ledger.ExecuteAsync("""
            WITH first AS (UPDATE payout SET amount = amount - 30000)
            INSERT INTO payout SELECT payout_id || '-1', award_id, state, reason, attempts, requested_at, changed_at, 1, tenant_id, 'player-2', 30000 FROM payout
            """);
        var store = new PayoutStore(ledger.Database, new(), ledger.Clock);
        var ids = await ledger.RowsAsync("SELECT payout_id FROM payout ORDER BY winner");

        var second = await store.BeginCreditAsync((await store.FindAsync(ids[1], Ct))!, Ct);
        await store.MarkCreditedAsync(second!, Ct);

        Assert.Equal(("player-2", 30000L), (second!.PlayerId, second.AmountMicros));
        Assert.Equal(["requested", "credited"], await ledger.RowsAsync("SELECT state FROM payout ORDER BY winner"));
        Assert.Equal(ids[0], Assert.Single(await store.FindStalledAsync(TimeSpan.FromSeconds(-60), 10, Ct)).PayoutId);
    }

    async Task<TestLedger> DroppedAsync()
    {
        var ledger = await TestLedger.CreateAsync(postgres);
        var jackpot = await ledger.FoundAsync(TestLedger.MustDrop("drop"));
        await ledger.NewWriter().RecordAsync([ledger.Item(jackpot, "k", stakeMicros: 200_000_000)], Ct);
        return ledger;
    }
}
