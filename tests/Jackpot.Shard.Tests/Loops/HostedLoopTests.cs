using Dapr;
using Jackpot.Ledger.Loops;
using Jackpot.Ledger.Telemetry;
using Jackpot.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Jackpot.Shard.Tests.Loops;

public sealed class HostedLoopTests
{
    public static TheoryData<Exception> Faults() =>
    [
        new InvalidOperationException("a row"), new System.Text.Json.JsonException("a row"), new NpgsqlException("away"), new OperationCanceledException("a time-out of its own"),
        new DaprException("away"), new FormatException("a row"), new OverflowException("a sum"),
    ];

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Whatever_a_pass_throws_the_next_one_follows(Exception fault)
    {
        using var metrics = new ShardMetrics();
        var passes = 0;
        using var loop = new Loop(metrics, TimeSpan.FromMinutes(1), _ => ++passes > 1 ? Task.CompletedTask : throw fault);
        await loop.StartAsync(TestContext.Current.CancellationToken);

        await Eventually.TrueAsync(() => passes >= 2, what: "the next pass");

        await loop.StopAsync(CancellationToken.None);
        Assert.Null(loop.ExecuteTask!.Exception);
    }

    [Fact]
    public async Task A_pass_that_hangs_is_cut_off()
    {
        using var metrics = new ShardMetrics();
        var passes = 0;
        using var loop = new Loop(metrics, TimeSpan.FromMilliseconds(50), ct => Task.Delay(passes++ == 0 ? Timeout.InfiniteTimeSpan : TimeSpan.Zero, ct));
        await loop.StartAsync(TestContext.Current.CancellationToken);

        await Eventually.TrueAsync(() => passes >= 2, what: "the next pass");

        await loop.StopAsync(CancellationToken.None);
    }

    sealed class Loop(ShardMetrics metrics, TimeSpan passMax, Func<CancellationToken, Task> pass)
        : HostedLoop(
            new LoopPlan("test", TimeSpan.FromMilliseconds(10), "nothing") { PassTimeMax = passMax },
            new LoopTools(metrics, TimeProvider.System, NullLogger<HostedLoop>.Instance))
    {
        protected override Task PassAsync(CancellationToken ct) => pass(ct);
    }
}
