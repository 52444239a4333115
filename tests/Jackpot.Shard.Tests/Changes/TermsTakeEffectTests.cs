using Jackpot.Contracts.Jackpots;
using Jackpot.Core.Draws;
using Jackpot.Core.Ids;
using Jackpot.Ledger.Audit;
using Jackpot.Ledger.Contributions;
using Jackpot.Ledger.Jackpots;
using Jackpot.Shard.Changes;
using Jackpot.TestKit;
using static Jackpot.Shard.Tests.Changes.StaffSteps;

namespace Jackpot.Shard.Tests.Changes;

/// <summary>When approved terms hold, on the real tables.</summary>
public sealed class TermsTakeEffectTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    const long Euro = 1_000_000;
    const int BetsUntilDrop = 120;

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Rule", "R13")]
    [Trait("Rule", "R14")]
    [Trait("Rule", "R16")]
    public async Task Rate_seed_and_odds_of_a_tier_wait_for_its_own_next_cycle()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        var jackpot = await ledger.CreateJackpotAsync(TwoTiers("pot"));
        var writer = ledger.NewWriter();
        var change = await endpoints.AgreedAsync(TwoTiers("pot")
            .WithPool(0, pool => pool with { ContributionPpm = 200_000, SeedMicros = 2 * Euro, Trigger = new MustDropByAmountDefinition(20 * Euro, 22 * Euro) })
            .WithPool(1, pool => pool with { ContributionPpm = 70_000, Trigger = new RandomTriggerDefinition(2 * SureStake) }));

        var before = (await writer.RecordAsync([ledger.Item(jackpot, "before")], Ct))[0];
        var drop = await PlayUntilDropAsync(ledger, writer, jackpot, "a");
        var after = (await writer.RecordAsync([ledger.Item(jackpot, "after")], Ct))[0];

        Assert.Equal("approved", change.StatusWord());
        Assert.Equal([Euro + 100_000, 1_000 * Euro + 50_000], before.Pools.Select(pool => pool.AmountMicros));
        Assert.InRange(drop.Awards[0].AmountMicros, 10 * Euro, 12 * Euro);
        Assert.Equal(2 * Euro + 200_000 + RemainderOf(drop), after.Pools[0].AmountMicros);
        Assert.Equal(drop.Pools[1].AmountMicros + 50_000, after.Pools[1].AmountMicros);
        Assert.Equal($"1 {drop.Sequence} 2", await ledger.ScalarAsync<string>(
            "SELECT max(config_version) FILTER (WHERE first_sequence <= d.s) || ' ' || d.s || ' ' || min(config_version) FILTER (WHERE first_sequence > d.s) "
            + $"FROM batch, (SELECT after_sequence AS s FROM jackpot_terms WHERE version = 2) d WHERE d.s = {drop.Sequence} GROUP BY d.s"));

        var seen = await endpoints.ChangeAsync(change);
        Assert.Equal("approved", seen.StatusWord());
        Assert.All(["pools.pot-fast.contribution_ppm", "pools.pot-fast.seed", "pools.pot-fast.trigger.min"], field => Assert.True(seen.Field(field).GetProperty("in_force").GetBoolean()));
        var waiting = seen.Field("pools.pot-slow.contribution_ppm");
        Assert.Equal((false, "pot-slow", 2), (waiting.GetProperty("in_force").GetBoolean(), waiting.GetProperty("waits_for_pool").GetString(), waiting.GetProperty("waits_for_cycle").GetInt64()));
        await ledger.AssertBalancedAsync();
    }

    [Fact]
    [Trait("Rule", "R14")]
    [Trait("Rule", "R19")]
    [Trait("Rule", "R22")]
    public async Task Once_every_tier_has_dropped_the_change_is_effective_and_the_log_told_each_step_once()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        var jackpot = await ledger.CreateJackpotAsync(TwoTiers("pot"));
        var writer = ledger.NewWriter();
        var after = TwoTiers("pot").WithPool(0, pool => pool with { ReservePpm = 1 }).WithPool(1, pool => pool with { ReservePpm = 2 });
        var change = await endpoints.AgreedAsync(after);

        var first = await PlayUntilDropAsync(ledger, writer, jackpot, "a");
        await TellAsync(ledger);
        var both = (await writer.RecordAsync([ledger.Item(jackpot, "sure", SureStake)], Ct))[0];
        Assert.Equal(2, both.Awards.Length);
        Assert.Equal("effective", (await endpoints.ChangeAsync(change)).StatusWord());
        Assert.Equal(after, ledger.Directory.ByJackpot("pot")!.Definition);
        Assert.Equal("nothing waits", await ledger.ScalarAsync<string>("SELECT coalesce(approved::text, 'nothing waits') FROM jackpot"));
        Assert.All((await endpoints.ChangeAsync(change)).GetProperty("fields").EnumerateArray(), field => Assert.True(field.GetProperty("in_force").GetBoolean()));

        // A notifier that dies before its commit, two at once, and one after everything was told.
        await using (var connection = await ledger.Database.OpenConnectionAsync(Ct))
        await using (var transaction = await connection.BeginTransactionAsync(Ct))
        {
            Assert.Equal(1, await new EffectNotifier(new AuditLog(ledger.Clock), ledger.Parked).TellAsync(transaction, Ct));
        }

        await Task.WhenAll(TellAsync(ledger), TellAsync(ledger));
        await TellAsync(ledger);
        var id = change.GetProperty("change_id").GetInt64();
        Assert.Equal(
            $"change {id}: terms 2 in force after sequence {first.Sequence}, change {id}: terms 3 in force after sequence {both.Sequence}",
            await ledger.ScalarAsync<string>("SELECT string_agg(action, ', ' ORDER BY number) FROM audit_entry WHERE action LIKE '%in force%'"));
        Assert.Equal("pools.pot-fast.reserve_ppm, pools.pot-slow.reserve_ppm", await ledger.ScalarAsync<string>(
            "SELECT string_agg(payload::json -> 'fields' ->> 0, ', ' ORDER BY id) FROM outbox WHERE kind = 'audit.config.changed'"));
        (await endpoints.GetAsync("/v1/audit/log/verify")).Is(200);
    }

    [Fact]
    [Trait("Rule", "R15")]
    public async Task A_ceiling_moves_up_at_once_and_lets_the_pool_grow()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        var terms = TwoTiers("pot").WithPool(1, pool => pool with { CeilingMicros = 1_001 * Euro });
        var jackpot = await ledger.CreateJackpotAsync(terms);
        var writer = ledger.NewWriter();
        var full = (await writer.RecordAsync([ledger.Item(jackpot, "k1", 40 * Euro)], Ct))[0];

        var change = await endpoints.AgreedAsync(terms.WithPool(1, pool => pool with { CeilingMicros = 1_002 * Euro }));
        var more = (await writer.RecordAsync([ledger.Item(jackpot, "k2", 10 * Euro)], Ct))[0];

        Assert.Equal("effective", change.StatusWord());
        Assert.Equal((1_001 * Euro, 1_001 * Euro + 500_000), (full.Pools[1].AmountMicros, more.Pools[1].AmountMicros));
        Assert.Equal("1 2", await ledger.ScalarAsync<string>("SELECT string_agg(config_version::text, ' ' ORDER BY first_sequence) FROM batch"));
        Assert.Equal(1L, await ledger.ScalarAsync<long>("SELECT after_sequence FROM jackpot_terms WHERE version = 2"));
        await ledger.AssertBalancedAsync();
    }

    [Fact]
    [Trait("Rule", "R15")]
    public async Task A_ceiling_below_what_the_pool_shows_waits_for_the_next_cycle()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        var jackpot = await ledger.CreateJackpotAsync(TwoTiers("pot"));
        var writer = ledger.NewWriter();
        await writer.RecordAsync([ledger.Item(jackpot, "k1", 60 * Euro)], Ct);

        var change = await endpoints.AgreedAsync(TwoTiers("pot").WithPool(1, pool => pool with { CeilingMicros = 1_002 * Euro }));
        var meanwhile = (await writer.RecordAsync([ledger.Item(jackpot, "k2", 10 * Euro)], Ct))[0];
        var drop = (await writer.RecordAsync([ledger.Item(jackpot, "sure", SureStake)], Ct))[0];
        var next = (await writer.RecordAsync([ledger.Item(jackpot, "k3", 100 * Euro)], Ct))[0];

        Assert.Equal("approved", change.StatusWord());
        Assert.Equal("pot-slow", change.Field("pools.pot-slow.ceiling").GetProperty("waits_for_pool").GetString());
        Assert.Equal(1_003 * Euro + 500_000, meanwhile.Pools[1].AmountMicros);
        Assert.Equal(2_000 * Euro, drop.Awards[1].AmountMicros);
        Assert.Equal(1_002 * Euro, next.Pools[1].AmountMicros);
        await ledger.AssertBalancedAsync();
    }

    [Fact]
    [Trait("Rule", "R16")]
    [Trait("Rule", "R17")]
    public async Task A_running_must_drop_keeps_its_hidden_amount_whatever_is_approved()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        var terms = TwoTiers("pot").WithPool(0, pool => pool with { CeilingMicros = 15 * Euro });
        var jackpot = await ledger.CreateJackpotAsync(terms);
        var writer = ledger.NewWriter();
        await writer.RecordAsync([ledger.Item(jackpot, "k", 50 * Euro)], Ct);
        var (cycle, hidden) = (await RunningCycleAsync(ledger), await HiddenAmountAsync(ledger));

        // The ceiling up at once; a range that the pool has played through already, later.
        var change = await endpoints.AgreedAsync(terms.WithPool(0, pool => pool with { CeilingMicros = 30 * Euro, Trigger = new MustDropByAmountDefinition(2 * Euro, 4 * Euro) }));

        Assert.True(change.Field("pools.pot-fast.ceiling").GetProperty("in_force").GetBoolean());
        Assert.False(change.Field("pools.pot-fast.trigger.max").GetProperty("in_force").GetBoolean());
        Assert.Equal(cycle, await RunningCycleAsync(ledger));
        var drop = await PlayUntilDropAsync(ledger, writer, jackpot, "a");
        Assert.InRange(drop.Pools[0].AmountMicros, hidden, hidden + 100_000 - 1);
        var next = await PlayUntilDropAsync(ledger, writer, jackpot, "c");
        Assert.InRange(next.Awards[0].AmountMicros, 2 * Euro, 4 * Euro);
    }

    [Fact]
    public async Task A_batch_that_races_with_an_approval_is_decided_under_exactly_one_version()
    {
        const int Approvals = 12;
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        var jackpot = await ledger.CreateJackpotAsync(TwoTiers("pot").WithPool(1, pool => pool with { CeilingMicros = 1_001 * Euro }));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var players = Enumerable.Range(0, 2).Select(player => Task.Run(async () =>
        {
            var writer = ledger.NewWriter();
            for (var batch = 0; !stop.IsCancellationRequested; batch++)
            {
                var answers = await writer.RecordAsync([.. Enumerable.Range(0, 7).Select(i => ledger.Item(jackpot, $"k{player}-{batch}-{i}"))], Ct);
                Assert.All(answers, answer => Assert.True(answer.Kind is RecordedKind.Accepted or RecordedKind.Unavailable));
            }
        }, Ct)).ToList();

        for (var i = 2; i < Approvals + 2; i++)
        {
            var change = await endpoints.AgreedAsync(ledger.Directory.ByJackpot("pot")!.Definition.WithPool(1, pool => pool with { CeilingMicros = (1_000 + i) * Euro }));
            Assert.Equal("effective", change.StatusWord());
        }

        await stop.CancelAsync();
        await Task.WhenAll(players);
        Assert.Equal(0L, await ledger.ScalarAsync<long>("""
            SELECT count(*) FROM batch b WHERE b.config_version <>
                (SELECT max(t.version) FROM jackpot_terms t WHERE t.jackpot = b.jackpot AND t.after_sequence < b.first_sequence)
            """));
        Assert.Equal(0L, await ledger.ScalarAsync<long>("""
            SELECT count(*) FROM jackpot_terms t JOIN batch b ON b.jackpot = t.jackpot AND t.after_sequence BETWEEN b.first_sequence AND b.first_sequence + b.count - 2
            """));
        Assert.InRange(await ledger.ScalarAsync<long>("SELECT count(DISTINCT config_version) FROM batch"), 2, Approvals + 1);
        await ledger.AssertBalancedAsync();
    }

    [Fact]
    public async Task A_replica_that_only_reads_sees_terms_that_another_put_in_force()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        await ledger.CreateJackpotAsync(TwoTiers("pot"));
        using var directory = new JackpotDirectory(ledger.Database, ledger.Clock);
        using var watch = new TermsWatch(
            ledger.Database, new EffectNotifier(new AuditLog(ledger.Clock), ledger.Parked), directory, ledger.Parked, ledger.Loops);
        await watch.LookAsync(Ct);

        await endpoints.AgreedAsync(TwoTiers("pot") with { Name = "Better" });
        Assert.Equal("Test pot", directory.ByJackpot("pot")!.Definition.Name);
        await watch.LookAsync(Ct);

        Assert.Equal("Better", directory.ByJackpot("pot")!.Definition.Name);
    }

    static async Task<RecordedContribution> PlayUntilDropAsync(TestLedger ledger, TestLedger.Writer writer, JackpotEntry jackpot, string key)
    {
        for (var i = 0; i < BetsUntilDrop; i++)
        {
            var answer = (await writer.RecordAsync([ledger.Item(jackpot, $"{key}-{i}")], Ct))[0];
            if (answer.Awards.Length > 0)
            {
                return answer;
            }
        }

        throw new InvalidOperationException("The pool did not drop.");
    }

    // What the award left because it is whole cents.
    static long RemainderOf(RecordedContribution drop) => drop.Pools[0].AmountMicros - drop.Awards[0].AmountMicros;

    static Task<string> RunningCycleAsync(TestLedger ledger) => ledger.ScalarAsync<string>("""
        SELECT json_build_array(c.cycle, c.commitment, c.sealed_secret, c.threshold_above, s.threshold_above, s.opened_after_sequence)::text
        FROM cycle c JOIN pool_state s ON s.id = c.pool AND s.cycle = c.cycle WHERE c.pool = (SELECT min(id) FROM pool)
        """);

    /// <summary>What the first pool's first cycle will drop at: drawn from its secret, above its seed, and by nothing else.</summary>
    static async Task<long> HiddenAmountAsync(TestLedger ledger)
    {
        var secret = ledger.Vault.Open(await ledger.ScalarAsync<byte[]>("SELECT sealed_secret FROM cycle WHERE pool = (SELECT min(id) FROM pool)"), "pot-fast", 1);
        return HiddenThreshold.For(secret, PoolId.Parse("pot-fast"), 1, 10 * Euro, 12 * Euro);
    }

    static async Task TellAsync(TestLedger ledger)
    {
        await using var connection = await ledger.Database.OpenConnectionAsync(Ct);
        await using var transaction = await connection.BeginTransactionAsync(Ct);
        await new EffectNotifier(new AuditLog(ledger.Clock), ledger.Parked).TellAsync(transaction, Ct);
        await transaction.CommitAsync(Ct);
    }
}
