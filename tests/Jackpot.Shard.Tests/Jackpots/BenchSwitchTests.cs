using Jackpot.Ledger.Jackpots;
using Jackpot.TestKit;

namespace Jackpot.Shard.Tests.Jackpots;

public sealed class BenchSwitchTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Outside_a_benchmark_a_jackpot_of_the_benchmarks_name_has_chain_and_outbox_like_any_other()
    {
        Assert.Null(Environment.GetEnvironmentVariable(BenchSwitches.Variable));
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var writer = ledger.NewWriter();

        foreach (var name in (string[])[BenchSwitches.WithoutChain, BenchSwitches.WithoutOutbox])
        {
            var jackpot = await ledger.CreateJackpotAsync(TestLedger.Quiet(name));
            await writer.RecordAsync([ledger.Item(jackpot, name)], Ct);
        }

        Assert.Equal(2L, await ledger.ScalarAsync<long>("SELECT count(*) FROM batch WHERE root <> decode(repeat('00', 32), 'hex')"));
        Assert.Equal(2L, await ledger.ScalarAsync<long>("SELECT count(*) FROM outbox WHERE kind = 'jp.contribution.recorded'"));
    }
}
