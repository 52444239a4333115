using Jackpot.Ledger.Contributions;
using Jackpot.Ledger.Jackpots;
using Jackpot.Shard.Tests.ExternalTriggers;
using Jackpot.TestKit;

namespace Jackpot.Shard.Tests.Jackpots;

public sealed class BatchLedgerTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    /// <summary>Enough for the driver to keep the commit's statements prepared on the connection.</summary>
    const int CommitsUntilPrepared = 5;

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_batch_is_stored_numbered_without_gaps_and_balances()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var jackpot = await ledger.CreateJackpotAsync(TestLedger.Quiet("quiet"));

        var answers = await ledger.NewWriter().RecordAsync([.. Enumerable.Range(0, 100).Select(i => ledger.Item(jackpot, $"k{i}"))], Ct);

        Assert.All(answers, answer => Assert.Equal(RecordedKind.Accepted, answer.Kind));
        Assert.Equal(Enumerable.Range(1, 100).Select(i => (long)i), answers.Select(answer => answer.Sequence));
        Assert.Equal(1_000_000_000 + 100 * 100_000, answers[^1].Pools[0].AmountMicros);
        Assert.Equal(100L, await ledger.ScalarAsync<long>("SELECT count(*) FROM contribution"));
        await ledger.AssertBalancedAsync();
    }

    [Fact]
    public async Task The_same_key_and_body_gets_the_first_answer_again_from_a_writer_without_memory()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var jackpot = await ledger.CreateJackpotAsync(TestLedger.Quiet("quiet"));
        var item = ledger.Item(jackpot, "k");
        var first = (await ledger.NewWriter().RecordAsync([item], Ct))[0];
        await ledger.NewWriter().RecordAsync([ledger.Item(jackpot, "other")], Ct);

        var again = (await ledger.NewWriter().RecordAsync([item], Ct))[0];

        Assert.Equal(RecordedKind.Duplicate, again.Kind);
        Assert.Equal((first.Sequence, first.ContributionMicros), (again.Sequence, again.ContributionMicros));
        Assert.Equal(first.Pools, again.Pools);
        Assert.Equal(2L, await ledger.ScalarAsync<long>("SELECT count(*) FROM contribution"));
        await ledger.AssertBalancedAsync();
    }

    [Fact]
    public async Task A_stake_that_does_not_fit_into_the_pool_leaves_only_itself_in_doubt()
    {
        const long Largest = 1_000_000_000_000_000_000;

        // Pool and overflow hold 9.2 of them each.
        const int Fit = 18;
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var definition = TriggerKit.External("brick");
        var jackpot = await ledger.CreateJackpotAsync(definition with { Pools = [definition.Pools[0] with { ContributionPpm = 1_000_000, ReservePpm = 0 }] });
        var other = await ledger.CreateJackpotAsync(TestLedger.Quiet("other"));
        var writer = ledger.NewWriter();
        var before = await writer.RecordAsync([.. Enumerable.Range(0, Fit).Select(i => ledger.Item(jackpot, $"k{i}", Largest))], Ct);
        Assert.All(before, answer => Assert.Equal(RecordedKind.Accepted, answer.Kind));

        var answers = await writer.RecordAsync(
            [ledger.Item(jackpot, "a"), ledger.Item(jackpot, "b", Largest), ledger.Item(jackpot, "c"), ledger.Item(other, "d"), ledger.Item(jackpot, "e", Largest)], Ct);

        Assert.Equal(
            [RecordedKind.Accepted, RecordedKind.Unavailable, RecordedKind.Accepted, RecordedKind.Accepted, RecordedKind.Unavailable], answers.Select(answer => answer.Kind));
        await ledger.AssertBalancedAsync();
    }

    [Fact]
    public async Task The_same_key_with_another_body_is_refused_and_stores_nothing()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var jackpot = await ledger.CreateJackpotAsync(TestLedger.Quiet("quiet"));
        var writer = ledger.NewWriter();
        await writer.RecordAsync([ledger.Item(jackpot, "k")], Ct);

        var other = (await writer.RecordAsync([ledger.Item(jackpot, "k", stakeMicros: 2_000_000)], Ct))[0];

        Assert.Equal(RecordedKind.KeyReused, other.Kind);
        Assert.Equal(1L, await ledger.ScalarAsync<long>("SELECT count(*) FROM contribution"));
        await ledger.AssertBalancedAsync();
    }

    [Fact]
    public async Task A_key_of_one_jackpot_cannot_be_used_again_at_another()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var (one, two) = (await ledger.CreateJackpotAsync(TestLedger.Quiet("one")), await ledger.CreateJackpotAsync(TestLedger.Quiet("two")));
        await ledger.NewWriter().RecordAsync([ledger.Item(one, "k")], Ct);

        var other = (await ledger.NewWriter().RecordAsync([ledger.Item(two, "k")], Ct))[0];

        Assert.Equal(RecordedKind.KeyReused, other.Kind);
    }

    [Fact]
    public async Task Repeats_inside_one_batch_are_answered_from_the_first_of_them()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var jackpot = await ledger.CreateJackpotAsync(TestLedger.Quiet("quiet"));

        var answers = await ledger.NewWriter().RecordAsync(
            [ledger.Item(jackpot, "k"), ledger.Item(jackpot, "k"), ledger.Item(jackpot, "k", stakeMicros: 5_000_000)], Ct);

        Assert.Equal([RecordedKind.Accepted, RecordedKind.Duplicate, RecordedKind.KeyReused], answers.Select(answer => answer.Kind));
        Assert.Equal(answers[0].Sequence, answers[1].Sequence);
        Assert.Equal(1L, await ledger.ScalarAsync<long>("SELECT count(*) FROM contribution"));
    }

    [Fact]
    public async Task Two_writers_at_once_lose_nothing_and_double_nothing()
    {
        const int Batches = 40;
        const int Size = 25;
        const int AgainMax = 10;
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var jackpot = await ledger.CreateJackpotAsync(TestLedger.Quiet("quiet"));
        var writers = new[] { ledger.NewWriter(), ledger.NewWriter() };

        // Both write the same keys in opposite order, so that they meet in the middle.
        await Task.WhenAll(writers.Select((writer, w) => Task.Run(async () =>
        {
            for (var b = 0; b < Batches; b++)
            {
                var batch = w == 0 ? b : Batches - 1 - b;
                var items = Enumerable.Range(0, Size).Select(i => ledger.Item(jackpot, $"k{batch}-{i}")).ToArray();
                var answers = await writer.RecordAsync(items, Ct);
                for (var again = 0; again < AgainMax && answers.Any(answer => answer.Kind == RecordedKind.Unavailable); again++)
                {
                    answers = await writer.RecordAsync(items, Ct);
                }

                Assert.All(answers, answer => Assert.True(answer.Kind is RecordedKind.Accepted or RecordedKind.Duplicate));
            }
        }, Ct)));

        Assert.Equal((long)Batches * Size, await ledger.ScalarAsync<long>("SELECT count(*) FROM contribution"));
        Assert.Equal((long)Batches * Size, await ledger.ScalarAsync<long>("SELECT max(sequence) FROM contribution"));
        Assert.Equal((long)Batches * Size, await ledger.ScalarAsync<long>("SELECT count(DISTINCT sequence) FROM contribution"));
        Assert.Equal(1_000_000_000L + Batches * Size * 100_000L, await ledger.ScalarAsync<long>("SELECT increment + seed FROM pool_state"));
        await ledger.AssertBalancedAsync();
    }

    [Fact]
    public async Task A_writer_that_missed_a_change_reads_it_before_it_writes()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var jackpot = await ledger.CreateJackpotAsync(TestLedger.Quiet("quiet"));
        var writer = ledger.NewWriter();
        await writer.RecordAsync([ledger.Item(jackpot, "before")], Ct);

        // What a transfer of EUR 5 into the reserve will do: the balance and the version move together.
        await ledger.ExecuteAsync("""
            UPDATE pool_state SET reserve = reserve + 5000000;
            UPDATE jackpot_state SET version = version + 1
            """);
        await writer.RecordAsync([ledger.Item(jackpot, "after")], Ct);

        Assert.Equal(5_000_000L + 2 * 25_000L, await ledger.ScalarAsync<long>("SELECT reserve FROM pool_state"));
    }

    [Fact]
    [Trait("Rule", "R42")]
    public async Task A_must_drop_pool_falls_once_per_cycle_and_starts_from_its_seed_again()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var jackpot = await ledger.CreateJackpotAsync(TestLedger.MustDrop("drop"));
        var writer = ledger.NewWriter();

        // EUR 0.10 of each stake: the pool must fall between the 90th and the 110th contribution after each seed of EUR 1.
        var answers = await writer.RecordAsync([.. Enumerable.Range(0, 500).Select(i => ledger.Item(jackpot, $"k{i}", player: $"player-{i}"))], Ct);

        var awards = answers.Where(answer => answer.Awards.Length > 0).ToList();
        Assert.InRange(awards.Count, 4, 5);
        Assert.All(awards, award => Assert.InRange(award.Awards[0].AmountMicros, 10_000_000, 12_000_000));
        Assert.Equal((long)awards.Count, await ledger.ScalarAsync<long>("SELECT count(*) FROM award"));
        var told = awards.Select(award => $"{award.Sequence}:{award.Awards[0].AmountMicros}");
        Assert.Equal(string.Join(',', told), await ledger.ScalarAsync<string>("SELECT string_agg(sequence || ':' || amount, ',' ORDER BY sequence) FROM award"));
        Assert.Equal((long)awards.Count, await ledger.ScalarAsync<long>("SELECT count(*) FROM payout WHERE state = 'requested'"));
        Assert.Equal(awards.Count + 1L, await ledger.ScalarAsync<long>("SELECT cycle FROM pool_state"));
        Assert.Equal(0L, await ledger.ScalarAsync<long>(
            "SELECT count(*) FROM cycle WHERE secret IS NOT NULL AND sha256(secret) <> commitment"));
        Assert.Equal(1L, await ledger.ScalarAsync<long>("SELECT count(*) FROM cycle WHERE secret IS NULL"));
        Assert.Equal(awards.Count + 1L, await ledger.ScalarAsync<long>("SELECT count(DISTINCT commitment) FROM cycle"));
        await ledger.AssertBalancedAsync();
    }

    [Fact]
    [Trait("Rule", "R39")]
    public async Task A_repeated_winning_contribution_names_its_award_again()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var jackpot = await ledger.CreateJackpotAsync(TestLedger.MustDrop("drop"));
        var items = Enumerable.Range(0, 150).Select(i => ledger.Item(jackpot, $"k{i}")).ToArray();
        var first = await ledger.NewWriter().RecordAsync(items, Ct);

        var again = await ledger.NewWriter().RecordAsync(items, Ct);

        Assert.Equal(first.Select(answer => answer.Awards), again.Select(answer => answer.Awards));
        Assert.Equal(first.SelectMany(answer => answer.Pools), again.SelectMany(answer => answer.Pools));
        Assert.All(again, answer => Assert.Equal(RecordedKind.Duplicate, answer.Kind));
        Assert.Equal(1L, await ledger.ScalarAsync<long>("SELECT count(*) FROM award"));
    }

    [Fact]
    public async Task A_paused_jackpot_takes_nothing_but_still_answers_what_it_took_before()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var jackpot = await ledger.CreateJackpotAsync(TestLedger.Quiet("quiet"));
        var writer = ledger.NewWriter();
        await writer.RecordAsync([ledger.Item(jackpot, "before")], Ct);
        await ledger.ExecuteAsync("UPDATE jackpot_state SET status = 'paused', version = version + 1");

        var paused = await writer.RecordAsync([ledger.Item(jackpot, "before"), ledger.Item(jackpot, "during")], Ct);
        await ledger.ExecuteAsync("UPDATE jackpot_state SET status = 'active', version = version + 1");
        var resumed = await writer.RecordAsync([ledger.Item(jackpot, "during")], Ct);

        Assert.Equal([RecordedKind.Duplicate, RecordedKind.Paused], paused.Select(answer => answer.Kind));
        Assert.Equal(RecordedKind.Accepted, resumed[0].Kind);
        Assert.Equal(2L, resumed[0].Sequence);
    }

    [Fact]
    public async Task A_connection_that_dies_under_a_writer_costs_nothing()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var jackpot = await ledger.CreateJackpotAsync(TestLedger.Quiet("quiet"));
        var writer = ledger.NewWriter();
        for (var i = 0; i < CommitsUntilPrepared; i++)
        {
            await writer.RecordAsync([ledger.Item(jackpot, $"early-{i}")], Ct);
        }

        await writer.RecordAsync([ledger.Item(jackpot, "k0")], Ct);
        await ledger.ExecuteAsync("""
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
            """);

        var answers = await writer.RecordAsync([ledger.Item(jackpot, "k0"), ledger.Item(jackpot, "k1")], Ct);

        Assert.Equal([RecordedKind.Duplicate, RecordedKind.Accepted], answers.Select(answer => answer.Kind));
        await ledger.AssertBalancedAsync();
    }

    [Fact]
    public async Task Many_jackpots_share_one_commit()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var jackpots = new List<JackpotEntry>();
        for (var i = 0; i < 20; i++)
        {
            jackpots.Add(await ledger.CreateJackpotAsync(i % 2 == 0 ? TestLedger.Quiet($"j{i}") : TestLedger.MustDrop($"j{i}")));
        }

        var answers = await ledger.NewWriter().RecordAsync([.. Enumerable.Range(0, 1000).Select(i => ledger.Item(jackpots[i % 20], $"k{i}"))], Ct);

        Assert.All(answers, answer => Assert.Equal(RecordedKind.Accepted, answer.Kind));
        Assert.Equal(20L, await ledger.ScalarAsync<long>("SELECT count(*) FROM jackpot_state WHERE sequence = 50"));

        // PostgreSQL keeps with every row which transaction wrote it.
        Assert.Equal(1L, await ledger.ScalarAsync<long>("SELECT count(DISTINCT xmin::text) FROM contribution"));
        Assert.Equal(1L, await ledger.ScalarAsync<long>("SELECT count(DISTINCT xmin::text) FROM jackpot_state"));
        await ledger.AssertBalancedAsync();
    }
}
