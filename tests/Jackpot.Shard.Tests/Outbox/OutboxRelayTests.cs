using System.Text;
using System.Text.Json;
using Grpc.Core;
using Jackpot.Contracts.Events;
using Jackpot.Contracts.Jackpots;
using Jackpot.Core.Amounts;
using Jackpot.Ledger.Outbox;
using Jackpot.Shard.Outbox;
using Jackpot.TestKit;
using Npgsql;

namespace Jackpot.Shard.Tests.Outbox;

public sealed class OutboxRelayTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    const long LargestStakeMicros = AmountText.MicrosMax;
    static readonly Currency Euro = Currency.Parse("EUR");

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_pool_that_eleven_largest_bets_have_filled_is_told_of_and_the_relay_goes_on()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var quiet = TestLedger.Quiet("pot");
        var pot = await ledger.CreateJackpotAsync(quiet with { Pools = [quiet.Pools[0] with { ReservePpm = 0, Trigger = new ExternalTriggerDefinition() }] });
        await ledger.NewWriter().RecordAsync([.. Enumerable.Range(0, 11).Select(i => ledger.Item(pot, $"k{i}", LargestStakeMicros))], Ct);
        await using var relay = await TestRelay.StartAsync(ledger);

        await EmptyAsync(ledger);

        Assert.True(relay.IsRunning);
        await Eventually.TrueAsync(
            () => relay.Broker.On(Topics.PoolUpdated).Any(update => JsonSerializer.Deserialize(update, EventJson.Default.PoolUpdated)!.Amount.Micros > AmountText.MicrosMax),
            what: "the pool is told of with all that it holds");
    }

    [Fact]
    public async Task An_award_is_handed_on_to_be_paid_although_the_broker_takes_nothing()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var pot = await ledger.CreateJackpotAsync(TestLedger.MustDrop("drop"));
        await ledger.NewWriter().RecordAsync([ledger.Item(pot, "k", stakeMicros: 200_000_000)], Ct);
        await using var relay = await TestRelay.StartAsync(ledger, broker => broker.Before = () => throw new RpcException(new Status(StatusCode.Unavailable, "no broker")));

        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        deadline.CancelAfter(TimeSpan.FromSeconds(30));
        Assert.Equal(await ledger.ScalarAsync<string>("SELECT award_id FROM award"), await relay.Dropped.NextAsync(deadline.Token));
        Assert.Empty(relay.Broker.Taken);
    }

    [Fact]
    public async Task Rows_that_together_are_larger_than_a_call_may_be_go_out_in_several()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var payloads = Enumerable.Range(0, OutboxTable.RowsMax).Select(i => Recorded(Enumerable.Range(0, 150).Select(j => $"pot-{i}-{j}"))).ToArray();
        Assert.True(payloads.Sum(Encoding.UTF8.GetByteCount) > StubBroker.CallBytesMax);
        await AddAsync(ledger, Topics.ContributionRecorded, payloads);
        await using var relay = await TestRelay.StartAsync(ledger);

        await EmptyAsync(ledger);

        Assert.Equal(payloads, relay.Broker.On(Topics.ContributionRecorded));
        Assert.All(relay.Broker.Calls, bytes => Assert.InRange(bytes, 0, OutboxPublisher.CallBytesMax));
    }

    [Fact]
    public async Task An_event_that_is_too_large_alone_goes_out_in_parts_that_together_say_the_same()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var pots = Enumerable.Range(0, 10_000).Select(i => $"pot-{i}").ToArray();
        await AddAsync(ledger, Topics.ContributionRecorded, Recorded(pots));
        await using var relay = await TestRelay.StartAsync(ledger);

        await EmptyAsync(ledger);

        var parts = relay.Broker.On(Topics.ContributionRecorded).ToList();
        Assert.All(parts, part => Assert.InRange(Encoding.UTF8.GetByteCount(part), 1, OutboxEvent.BytesMax));
        Assert.Equal(pots, parts.SelectMany(Pots));
    }

    [Fact]
    public async Task An_event_that_is_one_thing_and_too_large_is_parked_and_the_others_go_out()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await AddAsync(ledger, Topics.ConfigChanged, Changed("large", 1, new string('x', OutboxEvent.BytesMax)), Changed("small", 1));
        await using var relay = await TestRelay.StartAsync(ledger);

        await EmptyAsync(ledger);

        Assert.Equal([Changed("small", 1)], relay.Broker.On(Topics.ConfigChanged));
        Assert.Equal([$"outbox jackpot large False one event of more than {OutboxEvent.BytesMax} bytes cannot be published"], await ParkedAsync(ledger));
    }

    [Theory]
    [InlineData("""{"jackpot_id":"bad","change_id":""")]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("""{"shard":"eu-mt-1","batches":[{"jackpot_id":"bad","first_sequence":1,"count":1,"contributions":{"amount":1e99,"currency":"EUR"},"pools":[]}]}""")]
    [InlineData("""{"shard":"eu-mt-1"}""")]
    [InlineData("""[1,2,3]""")]
    public async Task A_row_that_cannot_be_read_is_parked_and_the_rows_beside_it_go_out(string poison)
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await AddAsync(ledger, Topics.ContributionRecorded, Recorded(["before"]), poison, Recorded(["after"]));
        await using var relay = await TestRelay.StartAsync(ledger);

        await EmptyAsync(ledger);

        Assert.Equal([Recorded(["before"]), Recorded(["after"])], relay.Broker.On(Topics.ContributionRecorded));
        Assert.Equal([poison], await ledger.RowsAsync("SELECT payload FROM parked_row WHERE NOT waiting"));
        Assert.True(relay.IsRunning);
    }

    [Fact]
    public async Task An_event_that_the_sidecar_refuses_is_parked_and_those_of_its_call_go_out()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var changes = Enumerable.Range(0, 20).Select(i => Changed($"pot-{i}", 1)).ToArray();
        await AddAsync(ledger, Topics.ConfigChanged, changes);
        await using var relay = await TestRelay.StartAsync(ledger, broker => broker.Refuses = payload => payload.Contains("pot-7\"", StringComparison.Ordinal));

        await EmptyAsync(ledger);

        Assert.Equal(changes.Where((_, i) => i != 7), relay.Broker.On(Topics.ConfigChanged));
        Assert.Equal([changes[7]], await ledger.RowsAsync("SELECT payload FROM parked_row"));
    }

    [Fact]
    public async Task A_sidecar_that_refuses_everything_parks_nothing()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await AddAsync(ledger, Topics.ConfigChanged, Changed("a", 1), Changed("b", 1));
        var over = false;
        await using var relay = await TestRelay.StartAsync(ledger, broker =>
        {
            broker.Refuses = _ => true;

            // A pass is three calls: both events, then each alone. It ends between two passes, or one event would be to blame.
            broker.Before = () =>
            {
                if (Volatile.Read(ref over) && broker.Calls.Count % 3 == 1)
                {
                    broker.Refuses = _ => false;
                }

                return Task.CompletedTask;
            };
        });
        await Eventually.TrueAsync(() => relay.Broker.Calls.Count > 3, what: "the relay has tried");
        Volatile.Write(ref over, true);

        await EmptyAsync(ledger);

        Assert.Equal([Changed("a", 1), Changed("b", 1)], relay.Broker.On(Topics.ConfigChanged));
        Assert.Empty(await ParkedAsync(ledger));
    }

    [Fact]
    public async Task One_event_that_fails_is_not_lost_and_does_not_keep_those_of_its_call()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var changes = Enumerable.Range(0, 10).Select(i => Changed($"pot-{i}", 1)).ToArray();
        await AddAsync(ledger, Topics.ConfigChanged, changes);
        await using var relay = await TestRelay.StartAsync(ledger, broker => broker.Fails = payload => payload == changes[3]);
        await Eventually.TrueAsync(() => relay.Broker.On(Topics.ConfigChanged).Count() == 9, what: "the others are out");

        relay.Broker.Fails = _ => false;
        await EmptyAsync(ledger);

        Assert.Equal([.. changes.Where((_, i) => i != 3), changes[3]], relay.Broker.On(Topics.ConfigChanged));
    }

    static async Task AddAsync(TestLedger ledger, string kind, params string[] payloads)
    {
        await using var command = ledger.Database.CreateCommand("INSERT INTO outbox (kind, payload) SELECT $1, payload FROM unnest($2) AS u (payload)");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = kind });
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = payloads });
        await command.ExecuteNonQueryAsync(Ct);
    }

    static Task EmptyAsync(TestLedger ledger) =>
        Eventually.TrueAsync(async () => await ledger.ScalarAsync<long>("SELECT count(*) FROM outbox") == 0, TimeSpan.FromSeconds(30), "the outbox is empty");

    static Task<List<string>> ParkedAsync(TestLedger ledger) =>
        ledger.RowsAsync("SELECT source, array_to_string(order_keys, ','), waiting, reason FROM parked_row ORDER BY id");

    static string Changed(string jackpot, long change, string field = "ceiling") =>
        JsonSerializer.Serialize(new ConfigChanged(jackpot, change, 2, 10, [field]), EventJson.Default.ConfigChanged);

    static string Recorded(IEnumerable<string> jackpots) => JsonSerializer.Serialize(
        new ContributionRecorded("eu-mt-1", [.. jackpots.Select(id => new RecordedBatch(id, 1, 1, new Money(1, Euro), [new RecordedPool(id + "-main", 1, new Money(2, Euro))]))]),
        EventJson.Default.ContributionRecorded);

    static IEnumerable<string> Pots(string payload) => JsonSerializer.Deserialize(payload, EventJson.Default.ContributionRecorded)!.Batches.Select(batch => batch.JackpotId);
}
