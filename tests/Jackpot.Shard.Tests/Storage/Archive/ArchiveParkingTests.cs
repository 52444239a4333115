using Jackpot.TestKit;
using Microsoft.Extensions.Time.Testing;

namespace Jackpot.Shard.Tests.Storage.Archive;

/// <summary>A day that the archive cannot handle is parked; the next one is handled, and the parked one when staff have released it.</summary>
public sealed class ArchiveParkingTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    readonly FakeTimeProvider _clock = new(new DateTimeOffset(2025, 3, 1, 12, 0, 0, TimeSpan.Zero));

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_day_that_cannot_be_archived_is_parked_the_next_one_is_and_a_release_has_it_tried_again()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres, _clock);
        using var archive = await PlayedOnTwoDaysAsync(ledger);
        await ledger.ExecuteAsync("ALTER TABLE archived_partition ADD CONSTRAINT not_this_one CHECK (day <> '2025-03-01')");

        await archive.RunAsync();
        Assert.Equal(["2025-03-02"], await archive.RunAsync());

        Assert.Equal(["archive 2025-03-01"], await ledger.RowsAsync("SELECT source, key FROM parked_row WHERE reason LIKE '%not_this_one%'"));
        await ledger.ExecuteAsync("ALTER TABLE archived_partition DROP CONSTRAINT not_this_one");
        Assert.Equal(["2025-03-02"], await archive.RunAsync());
        await ReleaseAsync(ledger);
        Assert.Equal(["2025-03-01", "2025-03-02"], await archive.RunAsync());
    }

    [Fact]
    public async Task A_day_that_cannot_be_read_back_is_parked_the_next_one_is_and_a_release_has_it_tried_again()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres, _clock);
        using var archive = await PlayedOnTwoDaysAsync(ledger);
        Assert.Equal(["2025-03-01", "2025-03-02"], await archive.RunAsync());
        await ledger.ExecuteAsync($"UPDATE archived_partition SET wanted_at = '{_clock.GetUtcNow():O}'; UPDATE archived_partition SET rows = rows + 1 WHERE day = '2025-03-01'");

        await archive.RunAsync();
        Assert.Equal(["2025-03-01"], await archive.RunAsync());

        Assert.Equal(["archive 2025-03-01"], await ledger.RowsAsync("SELECT source, key FROM parked_row WHERE reason LIKE '%rows instead of%'"));
        await ledger.ExecuteAsync("UPDATE archived_partition SET rows = rows - 1 WHERE day = '2025-03-01'");
        Assert.Equal(["2025-03-01"], await archive.RunAsync());
        await ReleaseAsync(ledger);
        Assert.Empty(await archive.RunAsync());
        Assert.Equal(2L, await ledger.ScalarAsync<long>("SELECT count(*) FROM contribution"));
    }

    async Task<TestArchive> PlayedOnTwoDaysAsync(TestLedger ledger)
    {
        var archive = new TestArchive(ledger);
        var jackpot = await ledger.CreateJackpotAsync(TestLedger.Quiet("pot"));
        await ledger.NewWriter().RecordAsync([ledger.Item(jackpot, "one")], Ct);
        _clock.Advance(TimeSpan.FromDays(1));
        await ledger.NewWriter().RecordAsync([ledger.Item(jackpot, "two")], Ct);
        await archive.BalanceAsync();
        _clock.Advance(TimeSpan.FromDays(401));
        return archive;
    }

    static async Task ReleaseAsync(TestLedger ledger)
    {
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        var id = await ledger.ScalarAsync<long>("SELECT id FROM parked_row");
        (await endpoints.PostAsync($"/v1/admin/parked-rows/{id}/release", """{"why":"it is mended"}""", staffUser: "anna")).Is(204);
    }
}
