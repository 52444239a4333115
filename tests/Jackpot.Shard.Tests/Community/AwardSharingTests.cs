using System.Collections.Immutable;
using Jackpot.Contracts.Jackpots;
using Jackpot.Core.Amounts;
using Jackpot.Core.Chain;
using Jackpot.Core.Community;
using Jackpot.Core.Contributions;
using Jackpot.Core.Draws;
using Jackpot.Core.Ids;
using Jackpot.Ledger.Archive;
using Jackpot.Ledger.Awards;
using Jackpot.Ledger.Contributions;
using Jackpot.Ledger.Jackpots;
using Jackpot.Shard.Jackpots;
using Jackpot.Shard.Payouts;
using Jackpot.Shard.Payouts.Community;
using Jackpot.Shard.Tests.Storage.Archive;
using Jackpot.TestKit;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace Jackpot.Shard.Tests.Community;

public sealed class AwardSharingTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    const string Other = "brand-99";

    static readonly IReadOnlyList<CommunityPartDefinition> Parts =
        [new TopOfCycleDefinition(200_000, 3), new AmongActiveDefinition(300_000, 4, 1), new TopOfLifetimeDefinition(100_000, 2)];

    static readonly DateTimeOffset Old = new(2025, 3, 1, 12, 0, 0, TimeSpan.Zero);

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Until_it_is_known_who_shares_an_award_nobody_can_be_paid()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var award = await DropAsync(ledger);
        var payout = Payout.IdOf(award);

        Assert.Null(await Store(ledger).BeginCreditAsync((await Store(ledger).FindAsync(payout, Ct))!, Ct));

        Assert.Equal(["sharing 0"], await ledger.RowsAsync($"SELECT state, attempts FROM payout WHERE award_id = '{award}'"));
        Assert.Equal(0L, await EventsAsync(ledger, award, "jp.payout.requested"));
        Assert.Equal(award, Assert.Single(await Store(ledger).FindStalledAsync(TimeSpan.FromSeconds(-60), 100, Ct), stalled => stalled.IsSharing).AwardId);
    }

    [Fact]
    public async Task The_shares_are_those_that_Core_gives_for_the_rows_of_the_cycle()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var award = await DropAsync(ledger);

        await Sharing(ledger).ShareAsync(award, Ct);

        Assert.Equal(await ExpectedAsync(ledger, award), await SharesAsync(ledger, award));
        Assert.Equal(10L, await ledger.ScalarAsync<long>($"SELECT count(*) FROM payout WHERE award_id = '{award}' AND state = 'requested'"));
        Assert.Equal(10L, await EventsAsync(ledger, award, "jp.payout.requested"));
        await ledger.AssertBalancedAsync();
    }

    [Fact]
    public async Task Shared_late_after_more_play_and_another_drop_the_shares_are_the_same()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var award = await DropAsync(ledger);
        var expected = await ExpectedAsync(ledger, award);
        var jackpot = ledger.Directory.ByJackpot("share")!;
        await ledger.NewWriter().RecordAsync(
            [.. Enumerable.Range(0, 30).Select(i => ledger.Item(jackpot, $"late-{i}", 20_000_000, "player-" + (29 - i)))], Ct);
        Assert.True(await ledger.ScalarAsync<long>("SELECT count(*) FROM award") > 2);

        await Sharing(ledger).ShareAsync(award, Ct);

        Assert.Equal(expected, await SharesAsync(ledger, award));
    }

    [Fact]
    public async Task Shared_by_many_at_once_an_award_is_shared_once()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var award = await DropAsync(ledger);

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Sharing(ledger).ShareAsync(award, Ct), Ct)));

        Assert.All(answers, payouts => Assert.Equal(answers[0], payouts));
        Assert.Equal(await ExpectedAsync(ledger, award), await SharesAsync(ledger, award));
        Assert.Equal(10L, await EventsAsync(ledger, award, "jp.payout.requested"));
    }

    [Fact]
    public async Task A_crash_before_the_commit_leaves_the_award_to_be_shared_again_the_same_way()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var award = await DropAsync(ledger);
        await ledger.ExecuteAsync("""
            CREATE FUNCTION crash() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'crash'; END $$;
            CREATE CONSTRAINT TRIGGER crash AFTER INSERT ON outbox DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION crash()
            """);
        await Assert.ThrowsAsync<PostgresException>(() => Sharing(ledger).ShareAsync(award, Ct));
        Assert.Equal(["sharing"], await ledger.RowsAsync($"SELECT state FROM payout WHERE award_id = '{award}'"));
        await ledger.ExecuteAsync("DROP TRIGGER crash ON outbox");

        await Sharing(ledger).ShareAsync(award, Ct);

        Assert.Equal(await ExpectedAsync(ledger, award), await SharesAsync(ledger, award));
    }

    [Fact]
    public async Task What_was_begun_to_be_paid_is_not_asked_for_again()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var award = await DropAsync(ledger);
        var first = (await Sharing(ledger).ShareAsync(award, Ct))!;
        await Store(ledger).MarkCreditedAsync((await Store(ledger).BeginCreditAsync((await Store(ledger).FindAsync(first[3], Ct))!, Ct))!, Ct);

        var again = await Sharing(ledger).ShareAsync(award, Ct);

        Assert.Equal(first.Where(payout => payout != first[3]), again);
        Assert.Equal("credited", await ledger.ScalarAsync<string>($"SELECT state FROM payout WHERE payout_id = '{first[3]}'"));
    }

    [Fact]
    public async Task An_award_with_more_players_than_can_be_looked_at_is_held_for_a_person()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var award = await DropAsync(ledger);

        var payouts = await new AwardSharing(ledger.Database, null!, new(), ledger.Clock) { PlayersMax = 19 }.ShareAsync(award, Ct);

        Assert.Empty(payouts!);
        Assert.Equal(["held community_too_large"], await ledger.RowsAsync($"SELECT state, reason FROM payout WHERE award_id = '{award}'"));
        Assert.Equal(1L, await EventsAsync(ledger, award, "jp.payout.held"));
    }

    [Fact]
    public async Task A_tenant_reads_its_own_players_of_a_shared_award_and_only_the_amounts_of_others()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var award = await DropAsync(ledger);
        var awards = new AwardQueries(ledger.Database);
        Assert.Null((await awards.FindAsync(award, TestLedger.Tenant, Ct))!.Payout.Amount);
        Assert.Null(await awards.FindAsync(award, Other, Ct));
        await Sharing(ledger).ShareAsync(award, Ct);

        var ours = (await awards.FindAsync(award, TestLedger.Tenant, Ct))!;
        var theirs = (await awards.FindAsync(award, Other, Ct))!;

        Assert.Equal((10, "winner"), (ours.Winners, ours.PlayerId));
        Assert.Null(theirs.PlayerId);
        Assert.Equal(ours.Amount.Micros, ours.Payouts!.Sum(payout => payout.Amount!.Value.Micros));
        Assert.Equal(ours.Payouts!.Select(payout => payout.Amount), theirs.Payouts!.Select(payout => payout.Amount));
        Assert.Equal(ours.Payouts!.Count(payout => payout.PlayerId is null), theirs.Payouts!.Count(payout => payout.PlayerId is not null));
        Assert.Contains(theirs.Payouts!, payout => payout is { PlayerId: not null, Part: "top_of_cycle" });
    }

    [Theory]
    [InlineData(1, "dropper earlier now")]
    [InlineData(2, "now")]
    public async Task Active_is_who_put_something_into_the_cycle_in_the_last_hours_and_under_the_first_rules_into_whatever_cycle(int rules, string active)
    {
        var clock = TestClock.AtNewYear();
        await using var ledger = await TestLedger.CreateAsync(postgres, clock);
        var jackpot = await ledger.FoundAsync(Definition([new AmongActiveDefinition(500_000, 10, 1)]));
        var writer = ledger.NewWriter();
        await writer.RecordAsync([ledger.Item(jackpot, "k1", player: "idle")], Ct);
        clock.Advance(TimeSpan.FromMinutes(30));
        await writer.RecordAsync([ledger.Item(jackpot, "k2", player: "earlier"), ledger.Item(jackpot, "k3", 200_000_000, "dropper")], Ct);
        await writer.RecordAsync([ledger.Item(jackpot, "k4", player: "now")], Ct);
        clock.Advance(TimeSpan.FromMinutes(50));
        var award = Assert.Single(Assert.Single(await writer.RecordAsync([ledger.Item(jackpot, "k5", 200_000_000, "winner")], Ct)).Awards).AwardId;

        await ledger.ExecuteAsync($"UPDATE cycle SET rules = {rules}");

        await Sharing(ledger).ShareAsync(award, Ct);

        Assert.Equal(active.Split(' '), await ledger.RowsAsync($"SELECT player_id FROM payout WHERE award_id = '{award}' AND winner > 0 ORDER BY 1"));
    }

    [Fact]
    [Trait("Rule", "R58")]
    public async Task An_award_whose_rows_are_in_the_archive_is_shared_as_it_would_have_been_when_they_are_back()
    {
        var clock = new FakeTimeProvider(Old);
        await using var ledger = await TestLedger.CreateAsync(postgres, clock);
        using var archive = new TestArchive(ledger);
        var award = await DropAsync(ledger);
        var expected = await ExpectedAsync(ledger, award);
        clock.Advance(TimeSpan.FromDays(401));
        await archive.BalanceAsync();
        Assert.Equal(["2025-03-01"], await archive.RunAsync());

        await Assert.ThrowsAsync<ArchivedRowsException>(() => Sharing(ledger, archive).ShareAsync(award, Ct));
        Assert.Equal(["sharing"], await ledger.RowsAsync($"SELECT state FROM payout WHERE award_id = '{award}'"));
        Assert.Empty(await archive.RunAsync());
        await Sharing(ledger, archive).ShareAsync(award, Ct);

        Assert.Equal(expected, await SharesAsync(ledger, award));
    }

    [Fact]
    [Trait("Rule", "R58")]
    public async Task Rows_of_earlier_cycles_are_waited_for_only_where_a_part_could_choose_their_players()
    {
        var clock = new FakeTimeProvider(Old);
        await using var ledger = await TestLedger.CreateAsync(postgres, clock);
        using var archive = new TestArchive(ledger, keptDays: 366);
        (string Id, CommunityPartDefinition Part, bool Waits)[] cases =
        [
            ("cycle", new TopOfCycleDefinition(500_000, 5), false), ("lifetime", new TopOfLifetimeDefinition(500_000, 5), true),
            ("hour", new AmongActiveDefinition(500_000, 5, 1), false), ("year", new AmongActiveDefinition(500_000, 5, 366 * 24), false),
        ];
        foreach (var (id, part, _) in cases)
        {
            var jackpot = await ledger.FoundAsync(Definition([part], id));
            var answers = await ledger.NewWriter().RecordAsync([ledger.Item(jackpot, id + "a", player: "earlier"), ledger.Item(jackpot, id + "b", 200_000_000, "winner")], Ct);
            await Sharing(ledger).ShareAsync(Assert.Single(answers[^1].Awards).AwardId, Ct);
        }

        clock.Advance(TimeSpan.FromDays(360));
        var awards = new Dictionary<string, string>();
        foreach (var (id, _, _) in cases)
        {
            var jackpot = ledger.Directory.ByJackpot(id)!;
            var answers = await ledger.NewWriter().RecordAsync([ledger.Item(jackpot, id + "c", player: "later"), ledger.Item(jackpot, id + "d", 200_000_000, "winner")], Ct);
            awards[id] = Assert.Single(answers[^1].Awards).AwardId;
        }

        clock.Advance(TimeSpan.FromDays(7));
        await archive.BalanceAsync();
        Assert.Equal(["2025-03-01"], await archive.RunAsync());

        foreach (var (id, _, waits) in cases)
        {
            Assert.Equal(waits, await Record.ExceptionAsync(() => Sharing(ledger, archive).ShareAsync(awards[id], Ct)) is ArchivedRowsException);
        }

        Assert.Empty(await archive.RunAsync());
        foreach (var (id, _, _) in cases)
        {
            // Whoever has put something into earlier cycles alone is known by then, and has no share of this one.
            await Sharing(ledger, archive).ShareAsync(awards[id], Ct);
            Assert.Equal(["later"], await ledger.RowsAsync($"SELECT player_id FROM payout WHERE award_id = '{awards[id]}' AND winner > 0 ORDER BY 1"));
        }
    }

    [Theory]
    [InlineData(1_000_000, 3, 1, 1)]
    [InlineData(0, 3, 1, 1)]
    [InlineData(1_000, 0, 1, 1)]
    [InlineData(1_000, 1_001, 1, 1)]
    [InlineData(1_000, 3, 0, 1)]
    [InlineData(1_000, 3, 1, 9)]
    public void Parts_that_leave_nothing_or_have_no_bounds_are_refused(int ppm, int winners, int hours, int parts)
    {
        var definition = Definition([.. Enumerable.Repeat(new AmongActiveDefinition(ppm, winners, hours), parts)]);
        Assert.Single(CommunityTerms.Faults(definition));
    }

    [Fact]
    public void Sound_parts_are_taken() => Assert.Empty(CommunityTerms.Faults(Definition(Parts)));

    static JackpotDefinition Definition(IReadOnlyList<CommunityPartDefinition> parts, string id = "share")
    {
        var definition = TestLedger.MustDrop(id);
        return definition with { Pools = [definition.Pools[0] with { Community = parts }] };
    }

    static AwardSharing Sharing(TestLedger ledger, TestArchive? archive = null) => new(ledger.Database, archive?.Rows!, new(), ledger.Clock);

    static PayoutStore Store(TestLedger ledger) => new(ledger.Database, new(), ledger.Clock);

    /// <summary>Two cycles of twenty players of two operators; the award of the second one is wanted.</summary>
    static async Task<string> DropAsync(TestLedger ledger)
    {
        var jackpot = await ledger.FoundAsync(Definition(Parts));
        var writer = ledger.NewWriter();
        await writer.RecordAsync([.. Enumerable.Range(0, 20).Select(i => Of(ledger, jackpot, $"a{i}", 2_000_000 + i * 10_000, i)), Of(ledger, jackpot, "drop-a", 200_000_000, 0)], Ct);
        await Sharing(ledger).ShareAsync(await ledger.ScalarAsync<string>("SELECT award_id FROM award"), Ct);
        var answers = await writer.RecordAsync(
            [.. Enumerable.Range(0, 20).Select(i => Of(ledger, jackpot, $"b{i}", 2_000_000 - i % 7 * 10_000, i)), ledger.Item(jackpot, "drop-b", 200_000_000, "winner")], Ct);
        return Assert.Single(answers[^1].Awards).AwardId;
    }

    static AcceptedContribution Of(TestLedger ledger, JackpotEntry jackpot, string key, long stakeMicros, int player) =>
        ledger.Item(jackpot, key, stakeMicros, "player-" + player) with { TenantId = player % 2 == 0 ? TestLedger.Tenant : Other };

    static async Task<List<string>> SharesAsync(TestLedger ledger, string award) => await ledger.RowsAsync(
        $"SELECT tenant_id, player_id, amount, part FROM payout WHERE award_id = '{award}' ORDER BY winner");

    static Task<long> EventsAsync(TestLedger ledger, string award, string kind) =>
        ledger.ScalarAsync<long>($"SELECT count(*) FROM outbox WHERE kind = '{kind}' AND payload LIKE '%{award}%'");

    /// <summary>Core's split, from rows that are added up here and not by the code under test.</summary>
    static async Task<List<string>> ExpectedAsync(TestLedger ledger, string awardId)
    {
        await using var connection = await ledger.Database.OpenConnectionAsync(Ct);
        await using var command = new NpgsqlCommand("""
            SELECT a.pool, a.cycle, a.sequence, a.amount, a.awarded_at, c.secret, b.head, c.opened_after_sequence FROM award a
            JOIN cycle c ON c.pool = a.pool AND c.cycle = a.cycle JOIN batch b ON b.first_sequence + b.count - 1 = a.sequence WHERE a.award_id = $1
            """, connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = awardId });
        await using var row = await command.ExecuteReaderAsync(Ct);
        await row.ReadAsync(Ct);
        var drop = new Drop(PoolId.Parse("share-main"), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), 0, new CalledByGame());
        var (at, secret, head, after) = (row.GetFieldValue<DateTimeOffset>(4), new CycleSecret(row.GetFieldValue<byte[]>(5)), new Hash32(row.GetFieldValue<byte[]>(6)), row.GetInt64(7));
        await row.DisposeAsync();

        var names = new Dictionary<Hash16, string>();
        var members = new Dictionary<Hash16, CommunityMember>();
        await using var rows = new NpgsqlCommand($"SELECT tenant_id, player_id, sequence, contribution, received_at FROM contribution WHERE sequence <= {drop.Sequence}", connection);
        await using var reader = await rows.ExecuteReaderAsync(Ct);
        while (await reader.ReadAsync(Ct))
        {
            var player = CommunityRoll.HashOf(reader.GetString(0), reader.GetString(1));
            names[player] = $"{reader.GetString(0)} {reader.GetString(1)}";
            var seen = members.GetValueOrDefault(player, new CommunityMember(player, 0, 0, 0));
            members[player] = seen with
            {
                CycleMicros = seen.CycleMicros + (reader.GetInt64(2) > after ? reader.GetInt64(3) : 0),
                LifetimeMicros = seen.LifetimeMicros + reader.GetInt64(3),
                LastPlayedUnixMs = Math.Max(seen.LastPlayedUnixMs, reader.GetFieldValue<DateTimeOffset>(4).ToUnixTimeMilliseconds()),
            };
        }

        var shares = CommunityRules.Split([.. Parts.Select(part => part.ToPart())], new CommunityOccasion(
            drop, Currency.Parse("EUR"), CommunityRoll.HashOf(TestLedger.Tenant, "winner"), [.. members.Values], at.ToUnixTimeMilliseconds(), secret, head));
        return [.. shares.Select(share => string.Join(' ', new[] { names[share.Player], share.Micros.ToString(System.Globalization.CultureInfo.InvariantCulture), share.Part is null ? null : CommunityTerms.WordOf(share.Part) }.OfType<string>()))];
    }
}
