using System.Diagnostics.Metrics;
using System.Text.Json;
using Jackpot.Contracts.Events;
using Jackpot.Core.Amounts;
using Jackpot.Shard.Tests.Outbox;
using Jackpot.TestKit;
using Npgsql;

namespace Jackpot.Shard.Tests.Parking;

/// <summary>What stands behind a parked event of its own jackpot waits, everything else goes on, and staff end it.</summary>
public sealed class ParkedRowTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    const string Why = """{"why":"the broker takes it now"}""";
    static readonly Currency Euro = Currency.Parse("EUR");

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_waits_behind_a_parked_event_of_its_jackpot_goes_out_after_it_and_in_order()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        await using var relay = await TestRelay.StartAsync(ledger, broker => broker.Refuses = payload => payload.Contains("\"change_id\":1,", StringComparison.Ordinal));
        string[] events = [Recorded("a", "b"), Changed("a", 1), Changed("b", 2), Recorded("a", "b", "c"), Changed("a", 3)];
        await AddAsync(ledger, events[..2]);
        await AddAsync(ledger, Changed("b", 20));
        await Eventually.TrueAsync(async () => await ledger.ScalarAsync<long>("SELECT count(*) FROM parked_row") == 1, what: "the refused event is parked");
        await AddAsync(ledger, events[2..]);
        await EmptyAsync(ledger);

        Assert.Equal([Recorded("b", "c")], relay.Broker.On(Topics.ContributionRecorded).Skip(1));
        Assert.Equal([Changed("b", 20), Changed("b", 2)], relay.Broker.On(Topics.ConfigChanged));
        relay.Broker.Refuses = _ => false;
        (await endpoints.PostAsync($"/v1/admin/parked-rows/{await FaultyAsync(endpoints)}/release", Why, staffUser: "anna")).Is(204);
        await EmptyAsync(ledger);

        Assert.Equal(["a"], Pots(relay.Broker.On(Topics.ContributionRecorded).Skip(2).Single()));
        Assert.Equal([Changed("a", 1), Changed("a", 3)], relay.Broker.On(Topics.ConfigChanged).Skip(2));
        Assert.Equal(0L, await ledger.ScalarAsync<long>("SELECT count(*) FROM parked_row"));
        Assert.Equal(["release anna the broker takes it now"], await ledger.RowsAsync("SELECT action, person, why FROM audit_entry WHERE component LIKE 'parked row outbox %'"));
    }

    [Fact]
    public async Task What_is_given_up_is_kept_by_the_audit_log_and_what_waited_goes_on()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        await using var relay = await TestRelay.StartAsync(ledger);
        const string Poison = """{"jackpot_id":"a","batches":7}""";
        await AddAsAsync(ledger, Topics.ContributionRecorded, Poison);
        await AddAsync(ledger, Changed("a", 1));
        await EmptyAsync(ledger);
        Assert.Empty(relay.Broker.On(Topics.ConfigChanged));

        (await endpoints.PostAsync($"/v1/admin/parked-rows/{await FaultyAsync(endpoints)}/discard", """{"why":"nobody can read it"}""", staffUser: "anna")).Is(204);

        await Eventually.TrueAsync(() => relay.Broker.On(Topics.ConfigChanged).SequenceEqual([Changed("a", 1)]), what: "what waited is out");
        Assert.Contains(Poison, await ledger.ScalarAsync<string>("SELECT before FROM audit_entry WHERE action = 'discard'"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_row_that_waits_is_not_released_before_the_one_it_waits_for()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        await using var relay = await TestRelay.StartAsync(ledger);
        await AddAsAsync(ledger, Topics.ContributionRecorded, """{"jackpot_id":"a"}""");
        await AddAsync(ledger, Changed("a", 1));
        await EmptyAsync(ledger);
        var waiting = await ledger.ScalarAsync<long>("SELECT id FROM parked_row WHERE waiting");

        (await endpoints.PostAsync($"/v1/admin/parked-rows/{waiting}/release", Why, staffUser: "anna")).IsProblem(409, "not-in-this-state");
        (await endpoints.PostAsync("/v1/admin/parked-rows/999/release", Why, staffUser: "anna")).IsProblem(404, "not-found");
        (await endpoints.PostAsync($"/v1/admin/parked-rows/{waiting}/release", Why)).Is(401);
    }

    [Fact]
    public async Task A_part_of_an_event_that_waits_and_the_rest_that_is_refused_are_one_again()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        await using var relay = await TestRelay.StartAsync(ledger, broker => broker.Refuses = payload => payload.Contains("\"c\"", StringComparison.Ordinal));
        await AddAsAsync(ledger, Topics.ContributionRecorded, """{"jackpot_id":"a"}""");
        await EmptyAsync(ledger);
        await AddAsync(ledger, Recorded("a", "c"), Recorded("d"));
        await EmptyAsync(ledger);
        relay.Broker.Refuses = _ => false;

        var parked = await ledger.RowsAsync("SELECT id FROM parked_row WHERE NOT waiting ORDER BY id");
        Assert.Equal(2, parked.Count);
        (await endpoints.PostAsync($"/v1/admin/parked-rows/{parked[0]}/discard", Why, staffUser: "anna")).Is(204);
        (await endpoints.PostAsync($"/v1/admin/parked-rows/{parked[1]}/release", Why, staffUser: "anna")).Is(204);
        await EmptyAsync(ledger);
        Assert.Equal(["a", "c"], relay.Broker.On(Topics.ContributionRecorded).Skip(1).SelectMany(Pots));
    }

    [Fact]
    public async Task Beyond_the_most_that_may_wait_events_go_out_before_the_parked_one_which_is_counted_and_what_waited_still_goes_out_in_order()
    {
        const int WaitingMax = 3;
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        var givenUp = 0L;
        using var meters = new MeterListener();
        meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "jackpot.outbox.order_given_up")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        meters.SetMeasurementEventCallback<long>((_, events, _, _) => Interlocked.Add(ref givenUp, events));
        meters.Start();
        await using var relay = await TestRelay.StartAsync(ledger, waitingMax: WaitingMax);
        await AddAsAsync(ledger, Topics.ContributionRecorded, """{"jackpot_id":"a"}""");
        await EmptyAsync(ledger);

        await AddAsync(ledger, [.. Enumerable.Range(1, 2).Select(i => Changed("a", i))]);
        await EmptyAsync(ledger);
        await AddAsync(ledger, [.. Enumerable.Range(3, 3).Select(i => Changed("a", i)), Changed("b", 1)]);
        await EmptyAsync(ledger);

        Assert.Equal([Changed("a", 4), Changed("a", 5), Changed("b", 1)], relay.Broker.On(Topics.ConfigChanged));
        Assert.Equal(WaitingMax, await ledger.ScalarAsync<long>("SELECT count(*) FROM parked_row WHERE waiting"));
        Assert.Equal(2, Interlocked.Read(ref givenUp));
        (await endpoints.PostAsync($"/v1/admin/parked-rows/{await FaultyAsync(endpoints)}/discard", Why, staffUser: "anna")).Is(204);
        await EmptyAsync(ledger);
        Assert.Equal(Enumerable.Range(1, WaitingMax).Select(i => Changed("a", i)), relay.Broker.On(Topics.ConfigChanged).Skip(3));
    }

    static async Task<long> FaultyAsync(TestEndpoints endpoints) => (await endpoints.GetAsync("/v1/admin/parked-rows?source=outbox")).Is(200)
        .GetProperty("rows").EnumerateArray().Single(row => !row.GetProperty("waiting").GetBoolean()).GetProperty("id").GetInt64();

    static Task AddAsync(TestLedger ledger, params string[] payloads) => Task.Run(async () =>
    {
        foreach (var payload in payloads)
        {
            await AddAsAsync(ledger, payload.Contains("batches", StringComparison.Ordinal) ? Topics.ContributionRecorded : Topics.ConfigChanged, payload);
        }
    }, Ct);

    static async Task AddAsAsync(TestLedger ledger, string kind, string payload)
    {
        await using var command = ledger.Database.CreateCommand("INSERT INTO outbox (kind, payload) VALUES ($1, $2)");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = kind });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = payload });
        await command.ExecuteNonQueryAsync(Ct);
    }

    static Task EmptyAsync(TestLedger ledger) =>
        Eventually.TrueAsync(async () => await ledger.ScalarAsync<long>("SELECT count(*) FROM outbox") == 0, TimeSpan.FromSeconds(30), "the outbox is empty");

    static string Changed(string jackpot, long change) =>
        JsonSerializer.Serialize(new ConfigChanged(jackpot, change, 2, 10, ["ceiling"]), EventJson.Default.ConfigChanged);

    static string Recorded(params string[] jackpots) => JsonSerializer.Serialize(
        new ContributionRecorded("eu-mt-1", [.. jackpots.Select(id => new RecordedBatch(id, 1, 1, new Money(1, Euro), [new RecordedPool(id + "-main", 1, new Money(2, Euro))]))]),
        EventJson.Default.ContributionRecorded);

    static IEnumerable<string> Pots(string payload) => JsonSerializer.Deserialize(payload, EventJson.Default.ContributionRecorded)!.Batches.Select(batch => batch.JackpotId);
}
