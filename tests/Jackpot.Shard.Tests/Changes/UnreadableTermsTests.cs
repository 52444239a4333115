using Jackpot.Ledger.Audit;
using Jackpot.Ledger.Jackpots;
using Jackpot.Shard.Changes;
using Jackpot.TestKit;

namespace Jackpot.Shard.Tests.Changes;

public sealed class UnreadableTermsTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Terms_of_one_jackpot_that_cannot_be_read_are_parked_and_hide_no_other_jackpot()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var bad = await ledger.CreateJackpotAsync(TestLedger.Quiet("bad"));
        await ledger.CreateJackpotAsync(TestLedger.Quiet("good"));
        await ledger.ExecuteAsync($"ALTER TABLE jackpot_terms DISABLE TRIGGER ALL; UPDATE jackpot_terms SET definition = '{{}}' WHERE jackpot = {bad.Number}");
        using var directory = new JackpotDirectory(ledger.Database, ledger.Clock);

        await directory.ReloadAsync(Ct);
        using var watch = new TermsWatch(
            ledger.Database, new EffectNotifier(new AuditLog(ledger.Clock), ledger.Parked), directory, ledger.Parked, ledger.Loops);
        await watch.LookAsync(Ct);
        await watch.LookAsync(Ct);

        Assert.NotNull(directory.ByJackpot("good"));
        Assert.Null(directory.ByJackpot("bad"));
        Assert.Equal([$"terms {bad.Number}"], await ledger.RowsAsync("SELECT source, key FROM parked_row"));
    }
}
