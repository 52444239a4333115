using Jackpot.Ledger.Batching;
using Jackpot.Ledger.Dedupe;
using Jackpot.Ledger.Epochs;
using Jackpot.Ledger.Jackpots;
using Jackpot.Ledger.Outbox;
using Jackpot.Ledger.Settings;
using Jackpot.Ledger.Storage;
using Jackpot.Ledger.Telemetry;
using Npgsql;

namespace Jackpot.Shard.Ownership;

/// <summary>Gives every batcher a connection for its commits, a memory and a thread of its own.</summary>
internal sealed class BatchRecorders(
    BatcherOwners owners, BatchSender sender, BatchDatabase own, NpgsqlDataSource database, JackpotDirectory directory, JackpotReader reader, CycleVault vault,
    DedupeWindows windows, ShardEpochs epochs, OutboxSignal outbox, ShardOptions options, ShardMetrics metrics, TimeProvider clock, ILogger<BatchLedger> log) : IBatchRecorders
{
    public IBatchRecorder Of(string batcher)
    {
        var store = new BatchStore(own, database, directory, reader, windows, epochs, options.Id, clock);
        var ledger = new BatchLedger(store, vault, clock, outbox.Raise, log) { Overtaken = () => owners.Doubt(batcher) };
        var commits = new WorkerThread(batcher + " commits");
        return new OwnedBatches(batcher, owners, sender, store, ledger, new BatchLoop(ledger, commits, metrics, clock), commits);
    }
}
