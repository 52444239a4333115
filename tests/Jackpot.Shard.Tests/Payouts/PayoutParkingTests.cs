using Grpc.Core;
using Jackpot.Contracts.Jackpots;
using Jackpot.Ledger.Awards;
using Jackpot.Shard.Payouts;
using Jackpot.Shard.Payouts.Community;
using Jackpot.Shard.Players;
using Jackpot.TestKit;

namespace Jackpot.Shard.Tests.Payouts;

/// <summary>A payout or an award that cannot be handled for a reason of its own is parked; the others go on, and it does when staff have released it.</summary>
public sealed class PayoutParkingTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    const string Why = """{"why":"it is mended"}""";

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_payout_whose_saga_is_refused_is_parked_the_next_one_is_started_and_a_release_starts_it()
    {
        var clock = TestClock.AtNewYear();
        await using var ledger = await TestLedger.CreateAsync(postgres, clock);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        await using var sidecar = await StubSidecar.StartAsync();
        var (bad, good) = (await DropAsync(ledger, "bad"), await DropAsync(ledger, "good"));
        clock.Advance(TimeSpan.FromMinutes(1));
        sidecar.Refuses = id => id == Payout.IdOf(bad) ? StatusCode.InvalidArgument : null;
        using var sweeper = SweeperOf(ledger, sidecar);

        await sweeper.SweepAsync(Ct);
        await sweeper.SweepAsync(Ct);

        Assert.Equal([Payout.IdOf(good), Payout.IdOf(good)], sidecar.Started);
        Assert.Equal([$"payout {Payout.IdOf(bad)} requested"], await ledger.RowsAsync("SELECT r.source, r.key, p.state FROM parked_row r JOIN payout p ON p.payout_id = r.key"));
        Assert.Contains("refused", await ledger.ScalarAsync<string>("SELECT reason FROM parked_row"), StringComparison.Ordinal);
        sidecar.Refuses = _ => null;
        await ReleaseAsync(ledger, endpoints);
        await sweeper.SweepAsync(Ct);
        Assert.Contains(Payout.IdOf(bad), sidecar.Started);
    }

    [Theory]
    [InlineData(StatusCode.Unavailable)]
    [InlineData(StatusCode.Internal)]
    public async Task A_sidecar_that_is_away_parks_nothing(StatusCode away)
    {
        var clock = TestClock.AtNewYear();
        await using var ledger = await TestLedger.CreateAsync(postgres, clock);
        await using var sidecar = await StubSidecar.StartAsync();
        await DropAsync(ledger, "pot");
        clock.Advance(TimeSpan.FromMinutes(1));
        sidecar.Refuses = _ => away;
        using var sweeper = SweeperOf(ledger, sidecar);

        await Assert.ThrowsAnyAsync<RpcException>(() => sweeper.SweepAsync(Ct));

        Assert.Equal(0L, await ledger.ScalarAsync<long>("SELECT count(*) FROM parked_row"));
    }

    [Fact]
    public async Task An_award_that_cannot_be_shared_is_parked_and_shared_when_it_is_mended_and_released()
    {
        var clock = TestClock.AtNewYear();
        await using var ledger = await TestLedger.CreateAsync(postgres, clock);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        await using var sidecar = await StubSidecar.StartAsync();
        var award = await DropAsync(ledger, "shared", [new TopOfCycleDefinition(200_000, 3)]);
        await ledger.ExecuteAsync("""
            ALTER TABLE jackpot_terms DISABLE TRIGGER ALL; CREATE TABLE sound AS SELECT * FROM jackpot_terms; UPDATE jackpot_terms SET definition = '{}'
            """);
        clock.Advance(TimeSpan.FromMinutes(1));
        using var sweeper = SweeperOf(ledger, sidecar);
        using var wallet = new FakeWallet();
        var share = new ShareAward(new AwardSharing(ledger.Database, null!, new(), ledger.Clock), wallet.Batches(ledger), new PayoutStarter(sidecar.Workflows), ledger.Parked);

        Assert.Equal(ShareAward.Parked, await share.RunAsync(null!, award));
        await sweeper.SweepAsync(Ct);

        Assert.Empty(sidecar.Started);
        Assert.Equal([$"payout {Payout.IdOf(award)} sharing"], await ledger.RowsAsync("SELECT r.source, r.key, p.state FROM parked_row r JOIN payout p ON p.payout_id = r.key"));
        await ledger.ExecuteAsync("UPDATE jackpot_terms t SET definition = s.definition FROM sound s WHERE s.jackpot = t.jackpot AND s.version = t.version");
        await ReleaseAsync(ledger, endpoints);
        await sweeper.SweepAsync(Ct);
        Assert.Equal(["share-" + award], sidecar.Started);
        Assert.Equal(1, await share.RunAsync(null!, award));
    }

    [Fact]
    public async Task A_winner_whose_saga_is_refused_does_not_have_the_award_shared_for_ever()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var sidecar = await StubSidecar.StartAsync();
        var award = await DropAsync(ledger, "shared", [new TopOfCycleDefinition(200_000, 3)]);
        sidecar.Refuses = _ => StatusCode.InvalidArgument;
        using var wallet = new FakeWallet();
        var share = new ShareAward(new AwardSharing(ledger.Database, null!, new(), ledger.Clock), wallet.Batches(ledger), new PayoutStarter(sidecar.Workflows), ledger.Parked);

        Assert.Equal(1, await share.RunAsync(null!, award));

        Assert.Equal(["requested"], await ledger.RowsAsync("SELECT state FROM payout"));
        Assert.Equal(0L, await ledger.ScalarAsync<long>("SELECT count(*) FROM parked_row"));
    }

    [Fact]
    public async Task A_payout_whose_rows_cannot_be_read_is_parked_with_the_reason_instead_of_being_asked_for_ever_and_paid_once_it_is_mended()
    {
        var clock = TestClock.AtNewYear();
        await using var ledger = await TestLedger.CreateAsync(postgres, clock);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        await using var sidecar = await StubSidecar.StartAsync();
        using var wallet = new FakeWallet();
        var payout = Payout.IdOf(await DropAsync(ledger, "pot"));
        await ledger.ExecuteAsync("""
            ALTER TABLE player_standing DROP CONSTRAINT player_standing_standing_check;
            INSERT INTO player_standing (tenant_id, player_id, standing, changed_at) SELECT tenant_id, player_id, 'unheard of', now() FROM payout
            """);
        using var sweeper = SweeperOf(ledger, sidecar);

        Assert.Equal(CreditOutcome.Parked, await wallet.CreditAsync(ledger, payout));
        Assert.Equal(CreditOutcome.Parked, await wallet.CreditAsync(ledger, payout));
        clock.Advance(TimeSpan.FromMinutes(1));
        await sweeper.SweepAsync(Ct);

        Assert.Empty(wallet.Credits);
        Assert.Empty(sidecar.Started);
        Assert.Equal([$"payout {payout} requested"], await ledger.RowsAsync("SELECT r.source, r.key, p.state FROM parked_row r JOIN payout p ON p.payout_id = r.key"));
        Assert.Contains("unheard of", await ledger.ScalarAsync<string>("SELECT reason FROM parked_row"), StringComparison.Ordinal);
        await ledger.ExecuteAsync("INSERT INTO player_standing (tenant_id, player_id, standing, changed_at) SELECT tenant_id, player_id, 'good', now() FROM payout");
        await ReleaseAsync(ledger, endpoints);
        await sweeper.SweepAsync(Ct);
        Assert.Equal([payout], sidecar.Started);
        Assert.Equal(CreditOutcome.Credited, await wallet.CreditAsync(ledger, payout));
        Assert.Equal(payout, Assert.Single(wallet.Credits).Id);
    }

    [Fact]
    public async Task A_payout_is_not_parked_for_a_fault_of_the_database()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        using var wallet = new FakeWallet();
        var payout = Payout.IdOf(await DropAsync(ledger, "pot"));
        await ledger.ExecuteAsync("ALTER TABLE player_standing RENAME TO elsewhere");

        await Assert.ThrowsAnyAsync<Npgsql.PostgresException>(() => wallet.CreditAsync(ledger, payout));

        Assert.Equal(0L, await ledger.ScalarAsync<long>("SELECT count(*) FROM parked_row"));
    }

    static PayoutSweeper SweeperOf(TestLedger ledger, StubSidecar sidecar) =>
        new(new PayoutStore(ledger.Database, new(), ledger.Clock), new PayoutStarter(sidecar.Workflows), ledger.Parked, ledger.Metrics, ledger.Loops);

    static async Task<string> DropAsync(TestLedger ledger, string id, IReadOnlyList<CommunityPartDefinition>? community = null)
    {
        var definition = TestLedger.MustDrop(id);
        var jackpot = await ledger.CreateJackpotAsync(definition with { Pools = [definition.Pools[0] with { Community = community }] });
        return Assert.Single((await ledger.NewWriter().RecordAsync([ledger.Item(jackpot, "k-" + id, stakeMicros: 200_000_000)], Ct))[0].Awards).AwardId;
    }

    static async Task ReleaseAsync(TestLedger ledger, TestEndpoints endpoints) =>
        (await endpoints.PostAsync($"/v1/admin/parked-rows/{await ledger.ScalarAsync<long>("SELECT id FROM parked_row")}/release", Why, staffUser: "anna")).Is(204);
}
