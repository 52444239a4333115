using Jackpot.Ledger.Settings;
using Jackpot.Ledger.Storage;
using Jackpot.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Jackpot.Shard.Tests.Storage;

public sealed class LongReadTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/v1/audit/jackpots/pot/replay")]
    [InlineData("/v1/audit/jackpots/pot/replay?to=1")]
    [InlineData("/v1/audit/jackpots/pot")]
    [InlineData("/v1/audit/pools/pot-main/cycles/1/export")]
    [InlineData("/v1/audit/balancing")]
    [InlineData("/v1/audit/balancing?by=day")]
    [InlineData("/v1/audit/reports/transactions")]
    [InlineData("/v1/audit/reports/activity")]
    [InlineData("/v1/audit/log")]
    [InlineData("/v1/audit/log/verify")]
    public async Task A_read_that_gets_no_further_is_a_problem_that_says_what_to_do(string path)
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var doors = await TestDoors.OpenAsync(ledger, services => services.AddSingleton(Impatient));
        var jackpot = await ledger.FoundAsync(TestLedger.Quiet("pot"));
        await ledger.NewWriter().RecordAsync([ledger.Item(jackpot, "k")], Ct);
        await using var connection = await ledger.Database.OpenConnectionAsync(Ct);
        await using var transaction = await connection.BeginTransactionAsync(Ct);
        await using var block = new NpgsqlCommand("LOCK TABLE batch, journal, cycle, award, contribution, audit_entry IN ACCESS EXCLUSIVE MODE", connection);
        await block.ExecuteNonQueryAsync(Ct);

        var answer = await doors.GetAsync(path);

        answer.IsProblem(504, "read-timed-out");
        Assert.Contains("Ask for less", answer.Body, StringComparison.Ordinal);
    }

    static ShardOptions Impatient => new()
    {
        Id = TestLedger.Shard, Region = "eu-mt", RegionsPath = Path.Combine(RepositoryFolder.Root, "regions"), LongReadMax = TimeSpan.FromMilliseconds(300),
    };

    [Fact]
    public async Task Every_page_begins_the_deadline_anew()
    {
        var max = TimeSpan.FromSeconds(1);
        using var read = LongRead.Begin(max, Ct);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (clock.Elapsed < 2 * max)
        {
            LongRead.Progress();
            await Task.Yield();
        }

        Assert.False(read.Token.IsCancellationRequested);
        await Eventually.TrueAsync(() => read.Token.IsCancellationRequested);
        Assert.True(LongRead.TimedOut(new OperationCanceledException()));
        Assert.False(LongRead.TimedOut(new InvalidOperationException()));
    }

    [Fact]
    public async Task A_statement_outside_of_a_long_read_keeps_its_time_limit()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var connection = await ledger.Database.OpenConnectionAsync(Ct);
        await using var usual = LongRead.Command(connection, "SELECT 1");
        using var read = LongRead.Begin(TimeSpan.FromMinutes(1), Ct);
        await using var free = LongRead.Command(connection, "SELECT 1");
        Assert.Equal((30, 0), (usual.CommandTimeout, free.CommandTimeout));
    }
}
