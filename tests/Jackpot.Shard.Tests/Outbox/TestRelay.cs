using Jackpot.Ledger.Outbox;
using Jackpot.Ledger.Settings;
using Jackpot.Shard.Outbox;
using Jackpot.Shard.Regions;
using Jackpot.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace Jackpot.Shard.Tests.Outbox;

/// <summary>A relay as one replica runs it, with a broker of its own. It relays from its start to its end.</summary>
internal sealed class TestRelay : IAsyncDisposable
{
    /// <summary>Of the repository's own regions.</summary>
    public static readonly TenantDirectory Tenants = new(new ShardOptions { Id = TestLedger.Shard, Region = StubBroker.Region, RegionsPath = Path.Combine(RepositoryFolder.Root, "regions") }, null);

    readonly OutboxRelay _relay;

    TestRelay(TestLedger ledger, StubBroker broker, int waitingMax)
    {
        Broker = broker;
        _relay = new OutboxRelay(
            ledger.Election, new OutboxTable(ledger.Parked, ledger.Clock), new OutboxPublisher(broker.Client, new EventOrigin(StubBroker.Region, Tenants)), new OutboxSignal(), Dropped, ledger.Loops,
            NullLogger<OutboxRelay>.Instance) { WaitingMax = waitingMax };
    }

    public StubBroker Broker { get; }

    /// <summary>What the relay has handed on.</summary>
    public DroppedAwards Dropped { get; } = new();

    /// <summary>False when what should go on for ever has ended by itself.</summary>
    public bool IsRunning => _relay.ExecuteTask is { IsCompleted: false };

    public static async Task<TestRelay> StartAsync(TestLedger ledger, Action<StubBroker>? with = null, int waitingMax = OutboxPage.WaitingMax)
    {
        var broker = await StubBroker.StartAsync();
        with?.Invoke(broker);
        var relay = new TestRelay(ledger, broker, waitingMax);
        await relay._relay.StartAsync(TestContext.Current.CancellationToken);
        return relay;
    }

    public Task StopAsync() => _relay.StopAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _relay.Dispose();
        await Broker.DisposeAsync();
    }
}
