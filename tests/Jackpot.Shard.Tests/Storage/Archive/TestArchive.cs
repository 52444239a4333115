using Jackpot.Ledger.Archive;
using Jackpot.Ledger.Settings;
using Jackpot.Shard.Archive;
using Jackpot.Shard.Balancing;
using Jackpot.Shard.Sidecar;
using Jackpot.TestKit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Jackpot.Shard.Tests.Storage.Archive;

/// <summary>The archive of a ledger: a folder, the job that moves days there and back when a test says so, and what readers ask. No sidecar is needed.</summary>
internal sealed class TestArchive(TestLedger ledger, int keptDays = 400) : IDisposable
{
    readonly SidecarGrpc _sidecar = SidecarGrpc.Of(new ConfigurationBuilder().Build());
    readonly string _folder = Directory.CreateTempSubdirectory("jackpot-archive-").FullName;

    public ArchivedRows Rows => new(
        ledger.Database, new ArchiveSchedule(new SidecarJobs(_sidecar), Options, ledger.Loops, NullLogger<ArchiveSchedule>.Instance).RunNowAsync, ledger.Clock);

    ShardOptions Options => new()
    {
        Id = TestLedger.Shard, Region = "eu-mt", RegionsPath = Path.Combine(RepositoryFolder.Root, "regions"), ArchivePath = _folder, ContributionsKeptDays = keptDays,
    };

    /// <summary>Counts all rows, without which none leaves.</summary>
    public async Task BalanceAsync()
    {
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        Assert.Equal(0, (await endpoints.Services.GetRequiredService<BalancingRun>().RunAsync(TestContext.Current.CancellationToken))!.Differing);
    }

    /// <summary>The job as a replica runs it.</summary>
    public ArchiveJob JobOf(TestLedger replica, Action<ArchivePoint>? reached = null) =>
        new(replica.Election, replica.Parked, Options, replica.Clock, NullLogger<ArchiveJob>.Instance, reached);

    /// <summary>Moves what is old enough, and back what was asked for. Returns the days whose rows only files have then.</summary>
    public async Task<List<string>> RunAsync()
    {
        Assert.True(await JobOf(ledger).RunAsync(TestContext.Current.CancellationToken));
        return await ledger.RowsAsync("SELECT day::text FROM archived_partition WHERE state = 'dropped' ORDER BY day");
    }

    public void Dispose()
    {
        _sidecar.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
