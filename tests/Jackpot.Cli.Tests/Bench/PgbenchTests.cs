using System.Runtime.Versioning;
using Jackpot.Bench.Baselines;

namespace Jackpot.Cli.Tests.Bench;

[SupportedOSPlatform("linux")]
public sealed class PgbenchTests
{
    [Fact]
    public void The_rate_is_what_pgbench_printed() =>
        Assert.Equal(2211.512307, Pgbench.Rate("""
            number of transactions actually processed: 2212
            number of failed transactions: 0 (0.000%)
            tps = 2211.512307 (without initial connection time)
            """));

    [Fact]
    public void A_disk_that_stood_still_gives_no_rate() =>
        Assert.Null(Pgbench.Rate("""
            number of transactions actually processed: 0
            number of failed transactions: 0 (NaN%)
            """));

    [Fact]
    public void What_is_not_understood_is_an_error() =>
        Assert.Throws<InvalidOperationException>(() => Pgbench.Rate("number of transactions actually processed: 10"));
}
