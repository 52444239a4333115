using System.Text;
using System.Text.Json;
using Jackpot.Contracts.Jackpots;
using Jackpot.Ledger.Contributions;
using Jackpot.Ledger.Jackpots;
using Jackpot.Shard.Contributions;
using Jackpot.TestKit;

namespace Jackpot.Shard.Tests.Contributions;

/// <summary>One contribution, one effect: its id is unique per tenant, whatever idempotency key it comes under.</summary>
public sealed class ContributionIdTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Key of the first request, and of the second: some callers use the contribution id itself.</summary>
    public static TheoryData<string, string> Keys() => new() { { "first", "second" }, { "bet-1", "second" }, { "first", "bet-1" } };

    [Theory]
    [MemberData(nameof(Keys))]
    public async Task The_same_contribution_under_another_key_gets_the_first_answer_and_another_one_is_refused(string first, string second)
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(TestLedger.Quiet("plain"));
        await ledger.CreateJackpotAsync(TestLedger.Quiet("other"));
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        var answer = await endpoints.SendAsync(Bet(ledger, first));

        Assert.Equal(answer, await endpoints.SendAsync(Bet(ledger, second)));
        Assert.Equal(answer.Is(200).GetRawText(), (await endpoints.SendBatchAsync(Bet(ledger, second))).Is(200).GetProperty("results")[0].GetRawText());
        (await endpoints.SendAsync(Bet(ledger, second, BetBody.Bet("3.00")))).IsProblem(409, "contribution-id-reused");
        (await endpoints.SendAsync(Bet(ledger, second, ("jackpot_id", "\"other\"")))).IsProblem(409, "contribution-id-reused");
        (await endpoints.SendAsync(Bet(ledger, first, BetBody.Bet("3.00")))).IsProblem(409, "idempotency-key-reused");
        (await endpoints.SendAsync(Bet(ledger, first, ("jp_contrib_id", "\"bet-2\"")))).IsProblem(409, "idempotency-key-reused");

        Assert.Equal(1, await ledger.StoredAsync());
        await ledger.AssertBalancedAsync();
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public async Task A_writer_without_a_memory_finds_the_first_in_open_and_closed_windows(string first, string second)
    {
        const int Closings = 2;
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var (jackpot, other) = (await ledger.CreateJackpotAsync(TestLedger.Quiet("plain")), await ledger.CreateJackpotAsync(TestLedger.Quiet("other")));
        var recorded = await RecordAsync(ledger.NewWriter(ledger.NewReplica()), Item(ledger, jackpot, "bet-1", first));
        Assert.Equal(RecordedKind.Accepted, recorded.Kind);

        for (var closed = 0; closed <= Closings; closed++)
        {
            foreach (var withFilters in new[] { false, true })
            {
                Assert.Equal((RecordedKind.Duplicate, recorded.Sequence), await AskAsync(withFilters, jackpot, "bet-1", first));
                Assert.Equal((RecordedKind.Duplicate, recorded.Sequence), await AskAsync(withFilters, jackpot, "bet-1", second));
                Assert.Equal(RecordedKind.KeyReused, (await AskAsync(withFilters, jackpot, "bet-1", first, stakeMicros: 2_000_000)).Kind);
                Assert.Equal(RecordedKind.IdReused, (await AskAsync(withFilters, jackpot, "bet-1", second, stakeMicros: 2_000_000)).Kind);
                Assert.Equal(RecordedKind.IdReused, (await AskAsync(withFilters, other, "bet-1", second)).Kind);
                Assert.Equal(RecordedKind.KeyReused, (await AskAsync(withFilters, other, "bet-2", first)).Kind);
            }

            await CloseAsync(ledger);
        }

        Assert.Equal(1, await ledger.StoredAsync());

        async Task<(RecordedKind Kind, long Sequence)> AskAsync(bool withFilters, JackpotEntry asked, string id, string key, long stakeMicros = 1_000_000)
        {
            var replica = ledger.NewReplica();
            if (withFilters)
            {
                await replica.RefreshAsync(Ct);
                await replica.LoadFiltersAsync(Ct);
            }

            var answer = await RecordAsync(ledger.NewWriter(replica), Item(ledger, asked, id, key, stakeMicros));
            return (answer.Kind, answer.Sequence);
        }
    }

    [Fact]
    public async Task A_window_knows_which_kinds_of_ids_it_holds()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var jackpot = await ledger.CreateJackpotAsync(TestLedger.Quiet("plain"));
        Task<string> KindsAsync() => ledger.ScalarAsync<string>("""
            SELECT coalesce(string_agg(DISTINCT CASE WHEN ids_are_keys THEN 'keys' ELSE 'own' END, ' and ' ORDER BY CASE WHEN ids_are_keys THEN 'keys' ELSE 'own' END), '')
            FROM dedupe_kind WHERE in_window = (SELECT number FROM dedupe_window WHERE closed_at IS NULL)
            """);

        var none = await KindsAsync();
        await RecordAsync(ledger.NewWriter(), Item(ledger, jackpot, "bet-1", "key of bet-1"));
        var own = await KindsAsync();
        await RecordAsync(ledger.NewWriter(), Item(ledger, jackpot, "bet-2", "bet-2"));
        var both = await KindsAsync();
        await ledger.Keeper().CloseAsync(1, Ct);
        var next = await KindsAsync();

        Assert.Equal(("", "own", "keys and own", ""), (none, own, both, next));
    }

    [Fact]
    public async Task A_repetition_says_that_it_is_one()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(TestLedger.Quiet("plain"));
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        (await endpoints.SendAsync(Bet(ledger, "first"))).Is(200);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/jp/contributions") { Content = new StringContent(Bet(ledger, "second"), Encoding.UTF8, "application/json") };
        request.Headers.Add("X-Tenant-Id", TestLedger.Tenant);
        using var response = await endpoints.Http.SendAsync(request, Ct);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(Ct));
        Assert.Equal(["true"], response.Headers.GetValues("Idempotent-Replayed"));
    }

    [Fact]
    public async Task Within_one_batch_a_contribution_counts_once_and_another_of_its_id_is_refused()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(TestLedger.Quiet("plain"));
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);

        var results = (await endpoints.SendBatchAsync(
            Bet(ledger, "one"), Bet(ledger, "two"), Bet(ledger, "bet-1"), Bet(ledger, "three", BetBody.Bet("3.00")), Bet(ledger, "four", ("jp_contrib_id", "\"bet-2\"")))).Is(200).GetProperty("results");

        Assert.Equal(results[0].GetRawText(), results[1].GetRawText());
        Assert.Equal(results[0].GetRawText(), results[2].GetRawText());
        Assert.EndsWith("contribution-id-reused", results[3].GetProperty("problem").GetProperty("type").GetString(), StringComparison.Ordinal);
        Assert.Equal(["1", "2"], await ledger.RowsAsync("SELECT sequence FROM contribution ORDER BY sequence"));
        Assert.Equal(2, results[4].GetProperty("sequence").GetInt64());
    }

    [Fact]
    public async Task Off_the_bet_stream_a_contribution_counts_once_as_well()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(TestLedger.Quiet("plain"));
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        var entries = new[] { "one", "two", "bet-1" }.Select((key, i) =>
            $$$"""{"entryId":"{{{i}}}","event":{"id":"e{{{i}}}","specversion":"1.0","type":"jp.bet","data":{{{Bet(ledger, key)}}}}}""");

        var answer = await endpoints.PostAsync("/events/bets", $$"""{"id":"d","topic":"bets","pubsubname":"pubsub","entries":[{{string.Join(',', entries)}}]}""");

        Assert.All(answer.Is(200).GetProperty("statuses").EnumerateArray(), status => Assert.Equal("SUCCESS", status.GetProperty("status").GetString()));
        Assert.Equal(1, await ledger.StoredAsync());
        (await endpoints.SendAsync(Bet(ledger, "four"))).Is(200);
        Assert.Equal(1, await ledger.StoredAsync());
    }

    [Fact]
    public async Task A_bet_on_linked_jackpots_repeated_under_another_key_gets_the_first_answers()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(TestLedger.Quiet("link"));
        await ledger.CreateJackpotAsync(TestLedger.Quiet("plain") with { Links = ["link"] });
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        var first = await endpoints.SendAsync(Bet(ledger, "first"));
        Assert.Equal(2, first.Is(200).GetProperty("results").GetArrayLength());

        Assert.Equal(first, await endpoints.SendAsync(Bet(ledger, "second")));
        Assert.Equal(first, await endpoints.SendAsync(Bet(ledger, "bet-1")));
        (await endpoints.SendAsync(Bet(ledger, "third", BetBody.Bet("3.00")))).IsProblem(409, "contribution-id-reused");
        (await endpoints.SendAsync(Bet(ledger, "fourth", ("jackpot_id", "\"link\"")))).IsProblem(409, "contribution-id-reused");
        var batch = (await endpoints.SendBatchAsync(Bet(ledger, "a", ("jp_contrib_id", "\"bet-9\"")), Bet(ledger, "b", ("jp_contrib_id", "\"bet-9\"")))).Is(200).GetProperty("results");
        Assert.Equal(batch[0].GetRawText(), batch[1].GetRawText());

        Assert.Equal(4, await ledger.StoredAsync());
        await ledger.AssertBalancedAsync();
    }

    [Fact]
    public async Task A_bet_that_was_recorded_before_its_jackpot_had_links_keeps_its_answer_under_any_key()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(TestLedger.Quiet("link"));
        await ledger.CreateJackpotAsync(TestLedger.Quiet("plain"));
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        var first = await endpoints.SendAsync(Bet(ledger, "first"));
        await ledger.ReplaceAsync(TestLedger.Quiet("plain") with { Links = ["link"] });

        Assert.Equal(first, await endpoints.SendAsync(Bet(ledger, "second")));
        (await endpoints.SendAsync(Bet(ledger, "third", BetBody.Bet("3.00")))).IsProblem(409, "contribution-id-reused");
        Assert.Equal(1, await ledger.StoredAsync());
    }

    [Fact]
    public async Task What_is_held_back_stays_held_under_another_key_and_is_recorded_once_when_it_is_released()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(TestLedger.Quiet("plain") with { Limits = new LimitsDefinition(StakeMicrosMax: 1_000_000) });
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        var held = await endpoints.SendAsync(Bet(ledger, "first"));
        held.Is(202);
        Assert.Equal(held, await endpoints.SendAsync(Bet(ledger, "second")));
        (await endpoints.SendAsync(Bet(ledger, "third", BetBody.Bet("3.00")))).IsProblem(409, "contribution-id-reused");
        (await endpoints.SendAsync(Bet(ledger, "fourth", BetBody.Bet("1.00")))).IsProblem(409, "contribution-id-reused");
        Assert.Equal(1L, await ledger.ScalarAsync<long>("SELECT count(*) FROM quarantine"));

        (await endpoints.PostAsync("/v1/admin/quarantine/1/release", """{"why":"confirmed"}""", staffUser: "ann")).Is(200);
        (await endpoints.SendAsync(Bet(ledger, "fifth"))).Is(200);
        Assert.Equal(1, await ledger.StoredAsync());
    }

    [Fact]
    public async Task What_was_refused_by_staff_stays_refused_under_another_key()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(TestLedger.Quiet("plain") with { Limits = new LimitsDefinition(StakeMicrosMax: 1_000_000) });
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        (await endpoints.SendAsync(Bet(ledger, "first"))).Is(202);
        (await endpoints.PostAsync("/v1/admin/quarantine/1/refuse", """{"why":"made up"}""", staffUser: "ann")).Is(200);
        (await endpoints.SendAsync(Bet(ledger, "second"))).IsProblem(422, "not-believed");
        Assert.Equal(0, await ledger.StoredAsync());
    }

    [Fact]
    public async Task A_key_that_reads_like_the_id_of_another_contribution_is_no_repetition()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(TestLedger.Quiet("plain"));
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        (await endpoints.SendAsync(Named(ledger, id: "7", key: "8"))).Is(200);
        (await endpoints.SendAsync(Named(ledger, id: "6", key: "7"))).Is(200);
        await CloseAsync(ledger);
        (await endpoints.SendAsync(Named(ledger, id: "8", key: "9"))).Is(200);
        Assert.Equal(3, await ledger.StoredAsync());
        Assert.Equal(1, (await endpoints.SendAsync(Named(ledger, id: "7", key: "10"))).Is(200).GetProperty("sequence").GetInt64());
        (await endpoints.SendAsync(Named(ledger, id: "5", key: "7"))).IsProblem(409, "idempotency-key-reused");
        Assert.Equal(3, await ledger.StoredAsync());
    }

    [Fact]
    public async Task Rows_from_before_ids_were_kept_are_found_by_their_keys()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(TestLedger.Quiet("plain"));
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        var first = await endpoints.SendAsync(Bet(ledger, "first"));
        await ledger.ExecuteAsync("UPDATE dedupe SET id16 = NULL, id_is_key = NULL; UPDATE dedupe_window SET has_ids = false");
        await CloseAsync(ledger);
        await using var restarted = await TestEndpoints.OpenAsync(ledger);
        Assert.Equal(first, await restarted.SendAsync(Bet(ledger, "first")));
        (await restarted.SendAsync(Bet(ledger, "first", BetBody.Bet("3.00")))).IsProblem(409, "idempotency-key-reused");
        Assert.Equal(1, await ledger.StoredAsync());
    }

    [Fact]
    public async Task Sent_by_many_replicas_at_once_under_as_many_keys_a_contribution_is_recorded_once()
    {
        const int Replicas = 6;
        const int Rounds = 20;
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var jackpot = await ledger.CreateJackpotAsync(TestLedger.Quiet("plain"));
        var writers = Enumerable.Range(0, Replicas).Select(_ => ledger.NewWriter(ledger.NewReplica())).ToArray();
        for (var round = 0; round < Rounds; round++)
        {
            var answers = await Task.WhenAll(writers.Select((writer, replica) => RecordAsync(writer, Item(ledger, jackpot, $"bet-{round}", replica == 0 ? $"bet-{round}" : $"key-{round}-{replica}"))));
            Assert.Single(answers, answer => answer.Kind == RecordedKind.Accepted);
            Assert.Equal(Replicas - 1, answers.Count(answer => answer.Kind == RecordedKind.Duplicate));
            Assert.Single(answers.Select(answer => answer.Sequence).Distinct());
        }

        Assert.Equal(Rounds, await ledger.StoredAsync());
    }

    [Fact]
    public async Task Sent_to_two_jackpots_at_once_a_contribution_id_is_recorded_by_one_of_them()
    {
        const int Rounds = 20;
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var jackpots = new[] { await ledger.CreateJackpotAsync(TestLedger.Quiet("one")), await ledger.CreateJackpotAsync(TestLedger.Quiet("two")) };
        var writers = jackpots.Select(_ => ledger.NewWriter(ledger.NewReplica())).ToArray();
        for (var round = 0; round < Rounds; round++)
        {
            var answers = await Task.WhenAll(jackpots.Select((jackpot, i) => RecordAsync(writers[i], Item(ledger, jackpot, $"bet-{round}", $"key-{round}-{i}"))));
            Assert.Equal([RecordedKind.Accepted, RecordedKind.IdReused], answers.Select(answer => answer.Kind).Order());
        }

        Assert.Equal(Rounds, await ledger.StoredAsync());
    }

    [Fact]
    public async Task Whatever_keys_ids_jackpots_and_windows_the_answers_are_those_of_a_simple_list()
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper!.WriteLine($"seed {seed}");
        var random = new Random(seed);
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var jackpots = new[] { await ledger.CreateJackpotAsync(TestLedger.Quiet("one")), await ledger.CreateJackpotAsync(TestLedger.Quiet("two")) };
        var (byKey, byId) = (new Dictionary<Guid, AcceptedContribution>(), new Dictionary<Guid, AcceptedContribution>());
        var writers = Enumerable.Range(0, 3).Select(_ => ledger.NewWriter(ledger.NewReplica())).ToArray();
        var seen = new HashSet<RecordedKind>();
        for (var round = 0; round < 150; round++)
        {
            if (random.Next(10) == 0)
            {
                await CloseAsync(ledger);
            }

            // Few names, so that every pair of them meets: keys like ids, ids like keys, both alike.
            var items = Enumerable.Range(0, random.Next(1, 12)).Select(_ => Item(
                ledger, jackpots[random.Next(10) / 9], $"{random.Next(60)}", $"{random.Next(60)}", stakeMicros: 1_000_000 * random.Next(1, 3))).ToArray();
            var answers = await writers[random.Next(writers.Length)].RecordAsync(items, Ct);
            for (var i = 0; i < items.Length; i++)
            {
                // Whoever repeats what was itself refused in the same batch is asked to come again.
                if (answers[i].Kind != RecordedKind.Unavailable)
                {
                    Assert.Contains(answers[i].Kind, Expected(items.AsSpan(0, i + 1), byKey, byId));
                    seen.Add(answers[i].Kind);
                    if (answers[i].Kind == RecordedKind.Accepted)
                    {
                        byKey.Add(items[i].Key16, items[i]);
                        byId.Add(items[i].Id16, items[i]);
                    }
                }
            }
        }

        Assert.Equal(byKey.Count, await ledger.StoredAsync());
        Assert.Equal([RecordedKind.Accepted, RecordedKind.Duplicate, RecordedKind.KeyReused, RecordedKind.IdReused], seen.Order());
        await ledger.AssertBalancedAsync();
    }

    /// <summary>
    /// What the last of these may be answered. Where key and id are those of two different contributions, either can be what is told; and a key
    /// that another of the same batch has as well is taken, whatever becomes of that one.
    /// </summary>
    static List<RecordedKind> Expected(ReadOnlySpan<AcceptedContribution> batch, Dictionary<Guid, AcceptedContribution> byKey, Dictionary<Guid, AcceptedContribution> byId)
    {
        ref readonly var item = ref batch[^1];
        var expected = new List<RecordedKind>();
        if (byKey.TryGetValue(item.Key16, out var first))
        {
            expected.Add(Same(item, first) ? RecordedKind.Duplicate : RecordedKind.KeyReused);
        }

        if (byId.TryGetValue(item.Id16, out first))
        {
            expected.Add(Same(item, first) ? RecordedKind.Duplicate : RecordedKind.IdReused);
        }

        if (expected.Count == 0)
        {
            expected.Add(RecordedKind.Accepted);
        }

        foreach (ref readonly var other in batch[..^1])
        {
            if (other.Key16 == item.Key16 && !Same(other, item))
            {
                expected.Add(RecordedKind.KeyReused);
            }
        }

        return expected;
    }

    static bool Same(in AcceptedContribution one, in AcceptedContribution other) => one.Body16 == other.Body16 && one.Jackpot == other.Jackpot;

    /// <summary>A commit that lost against another writer is asked again, as a sender does.</summary>
    static async Task<RecordedContribution> RecordAsync(TestLedger.Writer writer, AcceptedContribution item)
    {
        const int AgainMax = 20;
        for (var again = 0; ; again++)
        {
            Assert.InRange(again, 0, AgainMax);
            var answer = (await writer.RecordAsync([item], Ct))[0];
            if (answer.Kind != RecordedKind.Unavailable)
            {
                return answer;
            }
        }
    }

    static async Task CloseAsync(TestLedger ledger)
    {
        var number = await ledger.ScalarAsync<int>("SELECT number FROM dedupe_window WHERE closed_at IS NULL");
        await ledger.Keeper().CloseAsync(number, Ct);
        await ledger.Keeper().KeepAsync(Ct);
    }

    static AcceptedContribution Item(TestLedger ledger, JackpotEntry jackpot, string id, string key, long stakeMicros = 1_000_000)
    {
        var item = ledger.Item(jackpot, id, stakeMicros);
        item.ContributionId = id;
        item.Id16 = ContributionHash.Key(TestLedger.Tenant, id);
        item.Key16 = ContributionHash.Key(TestLedger.Tenant, key);
        return item;
    }

    /// <summary>Bet "bet-1" under a key; a fixed time, so that the content is the same.</summary>
    static string Bet(TestLedger ledger, string key, params (string Field, string? Json)[] changes) => BetBody.Json(ledger, "same", "plain",
        [("jp_contrib_id", "\"bet-1\""), ("idempotency_key", JsonSerializer.Serialize(key)), ("occurred_at", OccurredAt), .. changes]);

    static string Named(TestLedger ledger, string id, string key) => BetBody.Json(ledger, "of-" + id, "plain",
        ("jp_contrib_id", JsonSerializer.Serialize(id)), ("idempotency_key", JsonSerializer.Serialize(key)), ("occurred_at", OccurredAt));

    static readonly string OccurredAt = JsonSerializer.Serialize(DateTimeOffset.UtcNow.AddMinutes(-1));
}
