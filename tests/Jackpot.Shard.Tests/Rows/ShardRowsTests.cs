using Jackpot.Ledger.Loops;
using Jackpot.Shard.Reports;
using Jackpot.Shard.Rows;
using Jackpot.TestKit;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Jackpot.Shard.Tests.Rows;

public sealed class ShardRowsTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    static ReportRow Report => new(0, "activity", "", "json", DateTimeOffset.UnixEpoch, new byte[32], 0, []);

    /// <summary>Whatever waits for the database to come back, or parks a row, tells one from the other by the driver's own exceptions.</summary>
    [Theory]
    [InlineData("read")]
    [InlineData("update")]
    [InlineData("insert")]
    public async Task An_outage_is_seen_as_one(string what)
    {
        await using var nowhere = NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Username=nobody;Database=nothing");
        await using var rows = ShardRows.Of(nowhere);
        Func<Task> step = what switch
        {
            "read" => () => rows.Set<ReportRow>().ToListAsync(Ct),
            "update" => () => rows.Set<ReportRow>().ExecuteUpdateAsync(set => set.SetProperty(row => row.Name, ""), Ct),
            _ => () => rows.Add(Report).Context.SaveChangesAsync(Ct),
        };

        var fault = await Assert.ThrowsAnyAsync<Exception>(step);

        Assert.IsType<NpgsqlException>(fault);
        Assert.True(DatabaseFault.IsOutage(fault));
    }

    [Fact]
    public async Task A_fault_of_the_row_is_seen_as_one()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var rows = ShardRows.Of(ledger.Database);
        rows.Add(Report with { Sha256 = [1] });

        var fault = await Assert.ThrowsAsync<PostgresException>(() => rows.SaveChangesAsync(Ct));

        Assert.Equal(PostgresErrorCodes.CheckViolation, fault.SqlState);
        Assert.False(DatabaseFault.IsOutage(fault));
    }

    [Fact]
    public async Task What_is_written_in_a_callers_transaction_is_committed_with_it_or_not_at_all()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var connection = await ledger.Database.OpenConnectionAsync(Ct);
        await using (var transaction = await connection.BeginTransactionAsync(Ct))
        {
            await using var rows = ShardRows.In(transaction);
            rows.Add(Report);
            await rows.SaveChangesAsync(Ct);
            Assert.Equal(1, await rows.Set<ReportRow>().CountAsync(Ct));
            Assert.Equal(0, await ledger.ScalarAsync<long>("SELECT count(*) FROM report"));
        }

        Assert.Equal(0, await ledger.ScalarAsync<long>("SELECT count(*) FROM report"));
    }
}
