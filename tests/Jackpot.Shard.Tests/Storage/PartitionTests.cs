using Jackpot.Ledger.Contributions;
using Jackpot.Ledger.Storage;
using Jackpot.TestKit;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Jackpot.Shard.Tests.Storage;

public sealed class PartitionTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_day_without_a_partition_is_an_alarm_and_no_outage()
    {
        var clock = TestClock.AtNewYear();
        await using var ledger = await TestLedger.CreateAsync(postgres, clock);
        var jackpot = await ledger.CreateJackpotAsync(TestLedger.Quiet("quiet"));
        var writer = ledger.NewWriter();
        await writer.RecordAsync([ledger.Item(jackpot, "before")], Ct);
        Assert.DoesNotContain(ledger.Log.Entries, IsAlarm);

        clock.Advance(TimeSpan.FromDays(10));
        var answer = (await writer.RecordAsync([ledger.Item(jackpot, "after")], Ct))[0];

        Assert.Equal(RecordedKind.Accepted, answer.Kind);
        Assert.Equal(2L, await ledger.ScalarAsync<long>("SELECT count(DISTINCT day) FROM contribution"));
        Assert.Contains("partition", Assert.Single(ledger.Log.Entries, IsAlarm).Message, StringComparison.Ordinal);

        static bool IsAlarm((LogLevel Level, string Message) entry) => entry.Level >= LogLevel.Error;
    }

    [Fact]
    public async Task A_long_report_neither_waits_for_new_partitions_nor_holds_them_up()
    {
        var clock = TestClock.AtNewYear();
        await using var ledger = await TestLedger.CreateAsync(postgres, clock);
        await using var connection = await ledger.Database.OpenConnectionAsync(Ct);
        await using var report = await connection.BeginTransactionAsync(Ct);
        await using var read = new NpgsqlCommand("SELECT count(*) FROM contribution", connection);
        await read.ExecuteScalarAsync(Ct);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        patience.CancelAfter(TimeSpan.FromSeconds(10));

        clock.Advance(TimeSpan.FromDays(10));
        await PartitionKeeper.KeepAsync(ledger.Database, clock, patience.Token);

        Assert.True(await ledger.ScalarAsync<bool>("SELECT to_regclass('contribution_20260111') IS NOT NULL"));
    }
}
