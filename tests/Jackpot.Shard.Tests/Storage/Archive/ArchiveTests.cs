using System.IO.Compression;
using Jackpot.Contracts.Exports;
using Jackpot.Core.Verification;
using Jackpot.Ledger.Archive;
using Jackpot.Ledger.Settings;
using Jackpot.Shard.Balancing;
using Jackpot.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Jackpot.Shard.Tests.Storage.Archive;

public sealed class ArchiveTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IDisposable
{
    const int Bets = 150;
    const string Export = "/v1/audit/pools/drop-main/cycles/1/export";

    static readonly DateTimeOffset Start = new(2025, 3, 1, 12, 0, 0, TimeSpan.Zero);

    readonly string _folder = Directory.CreateTempSubdirectory("jackpot-archive-").FullName;
    readonly FakeTimeProvider _clock = new(Start);

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    string FilePath => Path.Combine(_folder, "contribution-20250301.csv.gz");

    [Fact]
    [Trait("Rule", "R50")]
    [Trait("Rule", "R59")]
    public async Task A_cycle_whose_rows_were_archived_is_read_back_exports_the_same_and_verifies()
    {
        await using var ledger = await PlayedAsync();
        await using var endpoints = await EndpointsAsync(ledger);
        var before = (await endpoints.GetAsync(Export)).Is200();
        await RunAsync(ledger);
        Assert.Equal(0L, await ledger.ScalarAsync<long>("SELECT count(*) FROM contribution"));
        Assert.Equal("dropped", await StateAsync(ledger));

        (await endpoints.GetAsync(Export)).IsProblem(503, "archive-not-read-yet");
        (await endpoints.GetAsync("/v1/audit/jackpots/drop/replay")).IsProblem(503, "archive-not-read-yet");
        await RunAsync(ledger);
        var after = (await endpoints.GetAsync(Export)).Is200();

        Assert.Equal(before, after);
        using var file = new StringReader(after);
        Assert.Empty(CycleVerifier.Verify(CycleExportFile.Read(file)));
        Assert.Equal((long)Bets, await ledger.ScalarAsync<long>("SELECT count(*) FROM contribution"));
    }

    [Theory]
    [InlineData("settlement")]
    [InlineData("transactions")]
    public async Task A_report_over_archived_contributions_waits_for_them_and_says_the_same(string report)
    {
        await using var ledger = await PlayedAsync();
        await using var endpoints = await EndpointsAsync(ledger);
        var address = $"/v1/audit/reports/{report}?from=2025-03-01&to=2025-03-31";
        var before = Sections(await endpoints.GetAsync(address));
        await RunAsync(ledger);

        (await endpoints.GetAsync(address)).IsProblem(503, "archive-not-read-yet");
        (await endpoints.GetAsync($"/v1/audit/reports/{report}?from=2025-04-01&to=2025-04-30")).Is200();
        await RunAsync(ledger);

        Assert.Equal(before, Sections(await endpoints.GetAsync(address)));

        static string Sections(EndpointAnswer answer) => answer.Is(200).GetProperty("sections").GetRawText();
    }

    [Fact]
    [Trait("Rule", "R58")]
    public async Task Contributions_stay_for_the_days_that_are_configured_and_rows_read_back_leave_again()
    {
        await using var ledger = await PlayedAsync();
        _clock.AdjustTime(Start.AddDays(400));
        await RunAsync(ledger);
        Assert.Equal((long)Bets, await ledger.ScalarAsync<long>("SELECT count(*) FROM contribution"));

        _clock.AdjustTime(Start.AddDays(401));
        await RunAsync(ledger);
        Assert.Equal(0L, await ledger.ScalarAsync<long>("SELECT count(*) FROM contribution"));

        await ledger.ExecuteAsync($"UPDATE archived_partition SET wanted_at = '{_clock.GetUtcNow():O}'");
        await RunAsync(ledger);
        Assert.Equal("restored", await StateAsync(ledger));
        await RunAsync(ledger);
        Assert.Equal("restored", await StateAsync(ledger));

        _clock.AdjustTime(_clock.GetUtcNow() + ArchiveJob.RestoredKept + TimeSpan.FromMinutes(1));
        await RunAsync(ledger);
        Assert.Equal("dropped", await StateAsync(ledger));
        Assert.Equal(0L, await ledger.ScalarAsync<long>("SELECT count(*) FROM contribution"));
    }

    public static TheoryData<ArchivePointName> Points => [.. Enum.GetValues<ArchivePointName>()];

    [Theory]
    [MemberData(nameof(Points))]
    public async Task A_run_that_dies_anywhere_loses_nothing_and_the_next_one_goes_on(ArchivePointName at)
    {
        var point = Enum.Parse<ArchivePoint>(at.ToString());
        await using var ledger = await PlayedAsync();
        await using var endpoints = await EndpointsAsync(ledger);
        var before = (await endpoints.GetAsync(Export)).Is200();
        if (point == ArchivePoint.RowsRestored)
        {
            await RunAsync(ledger);
            await endpoints.GetAsync(Export);
        }

        await Assert.ThrowsAsync<DeathException>(() => Job(ledger, reached => Die(reached == point)).RunAsync(Ct));
        Assert.True(await ReadableAsync(endpoints, before), "rows are neither in the tables nor asked for from the archive");
        await RunAsync(ledger);
        await RunAsync(ledger);
        var after = await endpoints.GetAsync(Export);
        if (after.Status == System.Net.HttpStatusCode.ServiceUnavailable)
        {
            await RunAsync(ledger);
            after = await endpoints.GetAsync(Export);
        }

        Assert.Equal(before, after.Is200());
        Assert.Equal(1L, await ledger.ScalarAsync<long>("SELECT count(*) FROM archived_partition"));
        Assert.Equal((long)Bets, await ledger.ScalarAsync<long>("SELECT rows FROM archived_partition"));
        Assert.Equal([FilePath], Directory.GetFiles(_folder));
    }

    /// <summary>As <see cref="ArchivePoint"/>, for a public method.</summary>
    public enum ArchivePointName
    {
        FileWritten,
        FileNamed,
        Exported,
        Verified,
        Leaving,
        Detached,
        Dropped,
        RowsRestored,
    }

    [Fact]
    public async Task A_detach_that_was_cut_off_is_finished_by_the_next_run()
    {
        await using var ledger = await PlayedAsync();
        await using var reader = await ledger.Database.OpenConnectionAsync(Ct);
        await using (var reading = await reader.BeginTransactionAsync(Ct))
        {
            await ArchivedRows.HoldAsync(reader, Ct);
            using var cutOff = CancellationTokenSource.CreateLinkedTokenSource(Ct);
            var run = Job(ledger).RunAsync(cutOff.Token);
            await Eventually.TrueAsync(() => ledger.ScalarAsync<bool>("SELECT coalesce(bool_or(inhdetachpending), false) FROM pg_inherits"), what: "the detach waits for the reader");
            await cutOff.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        }

        await RunAsync(ledger);

        Assert.Equal("dropped", await StateAsync(ledger));
        Assert.Equal(0L, await ledger.ScalarAsync<long>("SELECT count(*) FROM contribution"));
    }

    [Theory]
    [InlineData("Exported")]
    [InlineData("Verified")]
    [InlineData("Leaving")]
    [InlineData("Detached")]
    public async Task A_changed_byte_is_seen_before_the_table_is_dropped_and_the_file_written_again(string point)
    {
        await using var ledger = await PlayedAsync();
        await using var endpoints = await EndpointsAsync(ledger);
        var before = (await endpoints.GetAsync(Export)).Is200();
        await Assert.ThrowsAsync<DeathException>(() => Job(ledger, reached => Die(reached.ToString() == point)).RunAsync(Ct));
        ChangeOneByte();

        await RunAsync(ledger);
        Assert.Equal(0L, await ledger.ScalarAsync<long>("SELECT count(*) FROM archived_partition"));
        Assert.Equal(before, (await endpoints.GetAsync(Export)).Is200());
        await RunAsync(ledger);

        Assert.Equal("dropped", await StateAsync(ledger));
        (await endpoints.GetAsync(Export)).IsProblem(503, "archive-not-read-yet");
        await RunAsync(ledger);
        Assert.Equal(before, (await endpoints.GetAsync(Export)).Is200());
    }

    [Fact]
    public async Task A_file_that_does_not_say_what_the_table_says_is_written_again()
    {
        await using var ledger = await PlayedAsync();
        await Assert.ThrowsAsync<DeathException>(() => Job(ledger, reached => Die(reached == ArchivePoint.Exported)).RunAsync(Ct));
        await ledger.ExecuteAsync("UPDATE contribution SET player_id = 'somebody else' WHERE sequence = 7");

        await RunAsync(ledger);

        Assert.Equal(0L, await ledger.ScalarAsync<long>("SELECT count(*) FROM archived_partition"));
        Assert.Equal((long)Bets, await ledger.ScalarAsync<long>("SELECT count(*) FROM contribution"));
    }

    [Fact]
    public async Task A_file_that_was_changed_or_is_missing_later_is_refused_with_its_name()
    {
        await using var ledger = await PlayedAsync();
        await using var endpoints = await EndpointsAsync(ledger);
        var before = (await endpoints.GetAsync(Export)).Is200();
        await RunAsync(ledger);
        var sound = await File.ReadAllBytesAsync(FilePath, Ct);

        ChangeOneByte();
        (await endpoints.GetAsync(Export)).IsProblem(503, "archive-not-read-yet");
        await RunAsync(ledger);
        Assert.Contains("has SHA-256", (await endpoints.GetAsync(Export)).IsProblem(503, "archive-unreadable"), StringComparison.Ordinal);

        File.Delete(FilePath);
        await RunAsync(ledger);
        Assert.Contains("contribution-20250301.csv.gz is not in the archive", (await endpoints.GetAsync(Export)).IsProblem(503, "archive-unreadable"), StringComparison.Ordinal);

        await File.WriteAllBytesAsync(FilePath, sound, Ct);
        await RunAsync(ledger);
        Assert.Equal(before, (await endpoints.GetAsync(Export)).Is200());
    }

    [Fact]
    [Trait("Rule", "R59")]
    public async Task The_file_is_plain_text_with_every_bet_in_it()
    {
        await using var ledger = await PlayedAsync();
        await RunAsync(ledger);

        await using var gzip = new GZipStream(File.OpenRead(FilePath), CompressionMode.Decompress);
        using var text = new StreamReader(gzip);
        var lines = (await text.ReadToEndAsync(Ct)).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Contains("player_id", lines[0].Split(','));
        Assert.Equal(Bets + 1, lines.Length);
        Assert.Contains("c-k149", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_column_that_came_later_has_its_default_in_rows_read_back()
    {
        await using var ledger = await PlayedAsync();
        await RunAsync(ledger);
        await ledger.ExecuteAsync("ALTER TABLE contribution ADD COLUMN terminal text NOT NULL DEFAULT 'none'");
        await ledger.ExecuteAsync($"UPDATE archived_partition SET wanted_at = '{_clock.GetUtcNow():O}'");

        await RunAsync(ledger);

        Assert.Equal((long)Bets, await ledger.ScalarAsync<long>("SELECT count(*) FROM contribution WHERE terminal = 'none'"));
    }

    [Fact]
    public async Task Two_replicas_archive_one_after_the_other()
    {
        await using var ledger = await PlayedAsync();
        var (second, ran) = (true, false);
        await Job(ledger, point =>
        {
            if (point == ArchivePoint.Exported)
            {
                second = Job(ledger).RunAsync(Ct).GetAwaiter().GetResult();
                ran = true;
            }
        }).RunAsync(Ct);

        Assert.True(ran);
        Assert.False(second);
        Assert.Equal("dropped", await StateAsync(ledger));
    }

    [Fact]
    public async Task A_day_that_no_balancing_run_has_counted_stays_in_the_tables()
    {
        await using var ledger = await PlayedAsync(balanced: false);

        await RunAsync(ledger);
        Assert.Equal(("verified", (long)Bets), (await StateAsync(ledger), await ledger.ScalarAsync<long>("SELECT count(*) FROM contribution")));
        await BalanceAsync(ledger);
        await RunAsync(ledger);

        Assert.Equal("dropped", await StateAsync(ledger));
    }

    [Fact]
    public async Task The_books_balance_when_everything_is_counted_again_with_rows_in_the_archive()
    {
        await using var ledger = await PlayedAsync();
        await using var endpoints = await EndpointsAsync(ledger);
        await RunAsync(ledger);

        (await endpoints.GetAsync("/v1/audit/balancing?by=tenant")).Is(200);
        await ledger.ExecuteAsync($"INSERT INTO contribution_day SELECT id, '2025-03-02', '{TestLedger.Tenant}', 1, 5, 5 FROM jackpot");
        var run = await BalanceAsync(ledger);

        // The sums of a day that never was made the run forget all sums that it can count again.
        Assert.Equal(0, run.Differing);
        Assert.Equal((long)Bets, await ledger.ScalarAsync<long>("SELECT sum(count)::bigint FROM contribution_day"));
        Assert.Equal("active", await ledger.ScalarAsync<string>("SELECT status FROM jackpot_state"));
    }

    async Task<BalancingResult> BalanceAsync(TestLedger ledger)
    {
        await using var endpoints = await EndpointsAsync(ledger);
        return (await endpoints.Services.GetRequiredService<BalancingRun>().RunAsync(Ct))!;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    async Task<TestLedger> PlayedAsync(bool balanced = true)
    {
        var ledger = await TestLedger.CreateAsync(postgres, _clock);
        var jackpot = await ledger.CreateJackpotAsync(TestLedger.MustDrop("drop"));
        await ledger.NewWriter().RecordAsync([.. Enumerable.Range(0, Bets).Select(i => ledger.Item(jackpot, $"k{i}"))], Ct);
        Assert.Equal(1L, await ledger.ScalarAsync<long>("SELECT count(*) FROM award"));
        if (balanced)
        {
            await BalanceAsync(ledger);
        }

        _clock.AdjustTime(Start.AddDays(401));
        return ledger;
    }

    Task<TestEndpoints> EndpointsAsync(TestLedger ledger) => TestEndpoints.OpenAsync(ledger, services => services.AddSingleton(Options));

    ShardOptions Options => new()
    {
        Id = TestLedger.Shard, Region = "eu-mt", RegionsPath = Path.Combine(RepositoryFolder.Root, "regions"), ArchivePath = _folder,
    };

    ArchiveJob Job(TestLedger ledger, Action<ArchivePoint>? reached = null) =>
        new(ledger.Election, ledger.Parked, Options, _clock, NullLogger<ArchiveJob>.Instance, reached);

    async Task RunAsync(TestLedger ledger) => Assert.True(await Job(ledger).RunAsync(Ct));

    static Task<string> StateAsync(TestLedger ledger) => ledger.ScalarAsync<string>("SELECT state FROM archived_partition WHERE day = '2025-03-01'");

    static async Task<bool> ReadableAsync(TestEndpoints endpoints, string before)
    {
        var answer = await endpoints.GetAsync(Export);
        return answer.Body == before || answer.Body.Contains("archive-not-read-yet", StringComparison.Ordinal);
    }

    void ChangeOneByte()
    {
        var bytes = File.ReadAllBytes(FilePath);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(FilePath, bytes);
    }

    static void Die(bool now)
    {
        if (now)
        {
            throw new DeathException();
        }
    }

    sealed class DeathException : Exception;
}

internal static class ExportAnswer
{
    /// <summary>The body of a 200 that is no single JSON document.</summary>
    public static string Is200(this EndpointAnswer answer)
    {
        Assert.True(answer.Status == System.Net.HttpStatusCode.OK, $"{(int)answer.Status}: {answer.Body}");
        return answer.Body;
    }
}
