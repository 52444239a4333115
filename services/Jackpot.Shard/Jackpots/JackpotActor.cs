using System.Buffers;
using Jackpot.Dapr.Actors;
using Jackpot.Shard.Contributions;
using Jackpot.Shard.Outbox;
using Jackpot.Shard.Regions;
using Jackpot.Shard.Storage.Dedupe;
using Npgsql;

namespace Jackpot.Shard.Jackpots;

/// <summary>The single writer of a lane's jackpots.</summary>
public interface IJackpotActor : IActor
{
    /// <summary>Records one batch; both bodies are <see cref="BatchCodec"/>'s bytes. Safe to repeat: every item carries its idempotency key.</summary>
    Task<ReadOnlyMemory<byte>> RecordBatch(ReadOnlyMemory<byte> body, CancellationToken ct);
}

/// <summary>
/// Load, ask the rules, commit, answer. That there is one of these per lane makes it fast; that the fence holds makes it right: Dapr may
/// activate an actor twice, and then both of these write and only one of them wins each version.
/// </summary>
internal sealed class JackpotActor : Actor, IJackpotActor, IAsyncDisposable
{
    const int AnswerBytesTypical = 64;

    readonly LaneStore _store;
    readonly LaneLedger _ledger;

    // Reused from turn to turn, of which there is one at a time: a fresh one would be a large object.
    readonly AcceptedContribution[] _items = new AcceptedContribution[BatchCodec.ItemsMax];

    public JackpotActor(
        ActorHost host, NpgsqlDataSource database, JackpotDirectory directory, JackpotReader reader, CycleVault vault, DedupeWindows windows, OutboxSignal outbox,
        ShardOptions options, TimeProvider clock)
        : base(host)
    {
        _store = new LaneStore(database, directory, reader, windows, options.Id, clock);
        _ledger = new LaneLedger(_store, vault, clock, outbox.Raise, Logger);
    }

    public async Task<ReadOnlyMemory<byte>> RecordBatch(ReadOnlyMemory<byte> body, CancellationToken ct)
    {
        var count = BatchCodec.ReadRequest(body.Span, _items);
        var answers = await _ledger.RecordAsync(_items.AsMemory(0, count), ct);
        Array.Clear(_items, 0, count);
        var response = new ArrayBufferWriter<byte>(answers.Length * AnswerBytesTypical + AnswerBytesTypical);
        BatchCodec.WriteResponse(response, answers);
        return response.WrittenMemory;
    }

    /// <summary>Gives the lane's connection back; called by the runtime when the actor is deactivated.</summary>
    public ValueTask DisposeAsync() => _store.DisposeAsync();
}
