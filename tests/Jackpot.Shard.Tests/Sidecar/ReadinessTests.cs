using System.Net;
using Dapr;
using Grpc.Core;
using Jackpot.Contracts.Events;
using Jackpot.Shard.Outbox;
using Jackpot.Shard.Sidecar;
using Jackpot.TestKit;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Jackpot.Shard.Tests.Sidecar;

/// <summary>While bets can be taken the shard is ready, and says what is away.</summary>
public sealed class ReadinessTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    const string SidecarAway = "the sidecar is away";
    const string PlacementAway = "placement is away";
    const string BrokerAway = "the broker is away";

    readonly FakeTimeProvider _clock = new(DateTimeOffset.UtcNow);

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ready_and_nothing_else_is_said_while_everything_is_there()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres, _clock);
        await using var sidecar = await StubSidecar.StartAsync();
        await using var endpoints = await OpenAsync(ledger, sidecar);

        Assert.Equal("ready", await ReadyAsync(endpoints));
    }

    [Theory]
    [InlineData(StatusCodes.Status500InternalServerError)]
    [InlineData(null)]
    public async Task A_sidecar_that_is_unhealthy_or_hangs_is_named_and_the_shard_stays_ready(int? status)
    {
        await using var ledger = await TestLedger.CreateAsync(postgres, _clock);
        await using var sidecar = await StubSidecar.StartAsync();
        var hangs = new TaskCompletionSource<IResult>();
        sidecar.HealthAsync = () => status is { } said ? Task.FromResult(Results.StatusCode(said)) : hangs.Task;
        await using var endpoints = await OpenAsync(ledger, sidecar);

        AssertNamed([SidecarAway], await ReadyAsync(endpoints));

        hangs.TrySetResult(Results.NoContent());
    }

    [Fact]
    public async Task A_sidecar_that_is_not_there_is_named_and_nothing_that_only_it_would_know()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres, _clock);
        await AddEventAsync(ledger);
        _clock.Advance(TimeSpan.FromMinutes(1));
        await using var endpoints = await TestEndpoints.OpenAsync(
            ledger, services => services.AddSingleton(StubSidecar.Nowhere()).AddSingleton(new SidecarGrpc("http://127.0.0.1:1", null)));

        AssertNamed([SidecarAway], await ReadyAsync(endpoints));
    }

    [Fact]
    public async Task A_placement_that_the_sidecar_has_lost_is_named_until_it_is_back()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres, _clock);
        await using var sidecar = await StubSidecar.StartAsync();
        await using var endpoints = await OpenAsync(ledger, sidecar);

        sidecar.Metadata.ActorRuntime.Placement = "placement: disconnected";
        AssertNamed([PlacementAway], await ReadyAsync(endpoints));
        sidecar.Metadata.ActorRuntime.Placement = "placement: connected";
        AssertNamed([], await ReadyAsync(endpoints));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_broker_that_takes_nothing_is_named_by_who_publishes_until_it_takes_something(int events)
    {
        await using var ledger = await TestLedger.CreateAsync(postgres, _clock);
        var away = true;
        await using var sidecar = await StubSidecar.StartAsync(request =>
        {
            var answer = new Dapr.Client.Autogen.Grpc.v1.BulkPublishResponse();
            answer.FailedEntries.AddRange(request.Entries.Where(_ => away).Select(entry =>
                new Dapr.Client.Autogen.Grpc.v1.BulkPublishResponseFailedEntry { EntryId = entry.EntryId, Error = "connection reset" }));
            return Task.FromResult(answer);
        });
        await using var endpoints = await OpenAsync(ledger, sidecar);

        // Several events that all fail break the publishing, a single one is given back.
        Assert.Equal(events > 1, await Record.ExceptionAsync(() => PublishAsync(endpoints, events)) is DaprException);
        var said = await ReadyAsync(endpoints);
        AssertNamed([BrokerAway], said);
        Assert.Contains("connection reset", said, StringComparison.Ordinal);

        away = false;
        await PublishAsync(endpoints, events);
        AssertNamed([], await ReadyAsync(endpoints));
    }

    [Fact]
    public async Task A_broker_that_breaks_the_publishing_is_named_until_another_replica_publishes()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres, _clock);
        await using var sidecar = await StubSidecar.StartAsync(_ => throw new RpcException(new Status(StatusCode.Internal, "no connection")));
        await using var endpoints = await OpenAsync(ledger, sidecar);

        await Assert.ThrowsAsync<DaprException>(() => PublishAsync(endpoints, 2));
        AssertNamed([BrokerAway], await ReadyAsync(endpoints));

        endpoints.Services.GetRequiredService<OutboxPublisher>().ForgetFault();
        AssertNamed([], await ReadyAsync(endpoints));
    }

    [Fact]
    public async Task A_replica_that_does_not_publish_names_the_broker_once_events_wait_too_long()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres, _clock);
        await using var sidecar = await StubSidecar.StartAsync();
        await using var endpoints = await OpenAsync(ledger, sidecar);
        await AddEventAsync(ledger);

        AssertNamed([], await ReadyAsync(endpoints));
        _clock.Advance(TimeSpan.FromSeconds(6));
        AssertNamed([BrokerAway], await ReadyAsync(endpoints));
        await ledger.ExecuteAsync("DELETE FROM outbox");
        AssertNamed([], await ReadyAsync(endpoints));
    }

    static Task<TestEndpoints> OpenAsync(TestLedger ledger, StubSidecar sidecar) => TestEndpoints.OpenAsync(
        ledger, services => services.AddSingleton(sidecar.Client).AddSingleton(new SidecarGrpc(sidecar.GrpcAddress, null)));

    static async Task PublishAsync(TestEndpoints endpoints, int events) => await endpoints.Services.GetRequiredService<OutboxPublisher>().PublishAsync(
        Topics.PoolUpdated, [.. Enumerable.Range(0, events).Select(i => new OutgoingEvent(i, "{}"))], _ => { }, Ct);

    Task AddEventAsync(TestLedger ledger) =>
        ledger.ExecuteAsync($"INSERT INTO outbox (kind, payload, created_at) VALUES ('{Topics.PoolUpdated}', '{{}}', '{_clock.GetUtcNow():O}')");

    static async Task<string> ReadyAsync(TestEndpoints endpoints)
    {
        using var answer = await endpoints.Http.GetAsync("/readyz", Ct);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync(Ct);
    }

    static void AssertNamed(string[] away, string said)
    {
        foreach (var part in (string[])[SidecarAway, PlacementAway, BrokerAway])
        {
            Assert.Equal(away.Contains(part), said.Contains(part, StringComparison.Ordinal));
        }
    }
}
