using Jackpot.Ledger.Settings;
using Jackpot.Ledger.Storage;
using Jackpot.Regulator.Exports;
using Jackpot.Shard.Balancing;
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
        await using var endpoints = await TestEndpoints.OpenAsync(ledger, services => services.AddSingleton(Impatient));
        var jackpot = await ledger.CreateJackpotAsync(TestLedger.Quiet("pot"));
        await ledger.NewWriter().RecordAsync([ledger.Item(jackpot, "k")], Ct);
        await using var connection = await ledger.Database.OpenConnectionAsync(Ct);
        await using var transaction = await connection.BeginTransactionAsync(Ct);
        await using var block = new NpgsqlCommand("LOCK TABLE batch, journal, cycle, award, contribution, audit_entry IN ACCESS EXCLUSIVE MODE", connection);
        await block.ExecuteNonQueryAsync(Ct);

        var answer = await endpoints.GetAsync(path);

        answer.IsProblem(504, "read-timed-out");
        Assert.Contains("Ask for less", answer.Body, StringComparison.Ordinal);
    }

    public static TheoryData<string> InPages => [
        "balancing", "balancing?by=tenant", "balancing?by=day", "reports/balancing", "reports/liability", "reports/activity", "reports/daily-amounts", "reports/settlement"];

    [Theory]
    [MemberData(nameof(InPages))]
    public async Task Read_in_small_pages_the_books_say_the_same(string path)
    {
        await using var ledger = await PlayedAsync();
        var answers = new List<string>();
        foreach (var (pageRows, balanced) in new[] { (1, false), (7, false), (100_000, false), (7, true) })
        {
            await using var endpoints = await TestEndpoints.OpenAsync(ledger, services => services.AddSingleton(Paged(pageRows)));
            if (balanced)
            {
                Assert.Equal((2, 0), await BalanceAsync(endpoints));
            }

            var answer = (await endpoints.GetAsync("/v1/audit/" + path)).Is(200);
            answers.Add(answer.GetProperty(path.StartsWith("reports", StringComparison.Ordinal) ? "sections" : "rows").GetRawText());
        }

        Assert.Contains("pot", answers[0], StringComparison.Ordinal);
        Assert.Single(answers.Distinct());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public async Task A_balancing_run_in_small_pages_keeps_the_same_sums(int pageRows)
    {
        const string Sums = "SELECT pool, day, players, increment, seed, reserve, overflow, house, awards, transfer, fed FROM journal_day ORDER BY 1, 2";
        const string Contributions = "SELECT jackpot, day, tenant_id, count, stake, contribution FROM contribution_day ORDER BY 1, 2, 3";
        await using var ledger = await PlayedAsync();
        await using var endpoints = await TestEndpoints.OpenAsync(ledger, services => services.AddSingleton(Paged(pageRows)));
        await using var whole = await TestEndpoints.OpenAsync(ledger);

        Assert.Equal((2, 0), await BalanceAsync(endpoints));
        var (journal, contributions) = (await ledger.RowsAsync(Sums), await ledger.RowsAsync(Contributions));
        await ledger.ExecuteAsync("DELETE FROM journal_day; DELETE FROM contribution_day; DELETE FROM balancing_mark");
        Assert.Equal((2, 0), await BalanceAsync(whole));

        Assert.NotEmpty(journal);
        Assert.Equal(await ledger.RowsAsync(Sums), journal);
        Assert.Equal(await ledger.RowsAsync(Contributions), contributions);
    }

    [Theory]
    [InlineData("balancing")]
    [InlineData("reports/balancing")]
    [InlineData("reports/settlement")]
    public async Task A_read_of_many_pages_may_take_longer_than_one_of_them(string path)
    {
        await using var ledger = await PlayedAsync();
        await using var endpoints = await TestEndpoints.OpenAsync(ledger, services => services.AddSingleton(Paged(1, TimeSpan.FromSeconds(2))));

        // Ten rows, or one in each of ten pages, take longer than the read may get no further.
        await ledger.ExecuteAsync("""
            CREATE FUNCTION read_slowly(number bigint) RETURNS boolean LANGUAGE plpgsql AS $$
                BEGIN IF number <= 10 THEN PERFORM pg_sleep(0.3); END IF; RETURN true; END $$;
            ALTER TABLE journal RENAME TO every_journal; ALTER TABLE contribution RENAME TO every_contribution;
            CREATE VIEW journal AS SELECT * FROM every_journal WHERE read_slowly(version);
            CREATE VIEW contribution AS SELECT * FROM every_contribution WHERE read_slowly(sequence)
            """);

        (await endpoints.GetAsync("/v1/audit/" + path)).Is(200);
    }

    static async Task<(int Jackpots, int Differing)> BalanceAsync(TestEndpoints endpoints)
    {
        var result = (await endpoints.Services.GetRequiredService<BalancingRun>().RunAsync(Ct))!;
        return (result.Jackpots, result.Differing);
    }

    /// <summary>Two jackpots, of which one drops; every bet is a commit of its own.</summary>
    async Task<TestLedger> PlayedAsync()
    {
        const int Bets = 20;
        var ledger = await TestLedger.CreateAsync(postgres);
        var (pot, other) = (await ledger.CreateJackpotAsync(TestLedger.MustDrop("pot")), await ledger.CreateJackpotAsync(TestLedger.Quiet("other")));
        var writer = ledger.NewWriter();
        for (var i = 0; i < Bets; i++)
        {
            await writer.RecordAsync([ledger.Item(pot, $"p{i}", stakeMicros: 10_000_000) with { TenantId = i % 3 == 0 ? "brand-43" : TestLedger.Tenant }], Ct);
            await writer.RecordAsync([ledger.Item(other, $"o{i}")], Ct);
        }

        return ledger;
    }

    static ShardOptions Paged(int rows, TimeSpan? max = null) => new()
    {
        Id = TestLedger.Shard, Region = "eu-mt", RegionsPath = Path.Combine(RepositoryFolder.Root, "regions"), LongReadPageRows = rows,
        LongReadMax = max ?? TimeSpan.FromMinutes(10),
    };

    [Fact]
    public async Task A_replay_that_gets_no_further_after_a_page_says_so_on_its_last_line()
    {
        const int Bets = BatchReader.RowsPerRead + 500;
        // On a machine that does much else the first page may take its time; the second takes for ever.
        var firstPageMax = TimeSpan.FromSeconds(10);
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger, services => services.AddSingleton(PatientFor(firstPageMax)));
        var jackpot = await ledger.CreateJackpotAsync(TestLedger.Quiet("pot"));
        var writer = ledger.NewWriter();
        foreach (var batch in Enumerable.Range(0, Bets).Chunk(500))
        {
            await writer.RecordAsync([.. batch.Select(i => ledger.Item(jackpot, $"k{i}"))], Ct);
        }

        // Whoever reads the second page waits until it is ended.
        await ledger.ExecuteAsync($"""
            CREATE FUNCTION wait_at(sequence bigint) RETURNS boolean LANGUAGE plpgsql AS $$
                BEGIN IF sequence > {BatchReader.RowsPerRead} THEN PERFORM pg_sleep(600); END IF; RETURN true; END $$;
            ALTER TABLE batch RENAME TO every_batch;
            CREATE VIEW batch AS SELECT * FROM every_batch WHERE wait_at(first_sequence)
            """);

        var answer = await endpoints.GetAsync("/v1/audit/jackpots/pot/replay");

        Assert.Equal(System.Net.HttpStatusCode.OK, answer.Status);
        var lines = answer.Body.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => System.Text.Json.JsonElement.Parse(line)).ToList();
        Assert.Equal(2, lines.Count);
        Assert.All(lines, line => Assert.Equal(BatchReader.RowsPerRead, line.GetProperty("done").GetInt64()));
        Assert.Contains("Ask for less", lines[1].GetProperty("timed_out").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("report", answer.Body, StringComparison.Ordinal);
    }

    static ShardOptions Impatient => PatientFor(TimeSpan.FromMilliseconds(300));

    static ShardOptions PatientFor(TimeSpan longReadMax) => new()
    {
        Id = TestLedger.Shard, Region = "eu-mt", RegionsPath = Path.Combine(RepositoryFolder.Root, "regions"), LongReadMax = longReadMax,
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
