using Jackpot.Ledger.Jackpots;
using Jackpot.TestKit;

namespace Jackpot.Shard.Tests.Jackpots;

public sealed class JackpotDirectoryTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_look_at_one_jackpot_reads_no_other()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var one = await ledger.CreateJackpotAsync(TestLedger.Quiet("one"));
        var two = await ledger.CreateJackpotAsync(TestLedger.Quiet("two"));
        using var directory = new JackpotDirectory(ledger.Database, ledger.Clock);

        await directory.ReloadAsync("one", Ct);

        Assert.Equal(one.Number, directory.ByPool("one-main")?.Number);
        Assert.Equal(one.Number, directory.ByJackpot("one")?.Number);
        Assert.Null(directory.ByJackpot("two"));

        await directory.ReloadAsync([two.Number], Ct);

        Assert.Equal([one.Number, two.Number], directory.All.Select(entry => entry.Number));
    }

    [Fact]
    public async Task Terms_of_an_earlier_version_do_not_replace_later_ones()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var entry = await ledger.CreateJackpotAsync(TestLedger.Quiet("one"));
        await ledger.ExecuteAsync("""
            INSERT INTO jackpot_terms (jackpot, version, definition, after_sequence) SELECT jackpot, 2, definition, 0 FROM jackpot_terms;
            UPDATE jackpot SET config_version = 2
            """);
        await ledger.Directory.ReloadAsync("one", Ct);

        // A load that began before the change can end after it.
        await ledger.ExecuteAsync("UPDATE jackpot SET config_version = 1");
        await ledger.Directory.ReloadAsync("one", Ct);

        Assert.Equal(2, ledger.Directory.ByNumber(entry.Number)!.Config.Version);
    }
}
