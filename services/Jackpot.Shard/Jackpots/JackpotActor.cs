using System.Buffers;
using Jackpot.Dapr.Actors;
using Jackpot.Shard.Contributions;
using Jackpot.Shard.Outbox;
using Jackpot.Shard.Regions;
using Jackpot.Shard.Storage;
using Jackpot.Shard.Storage.Dedupe;
using Jackpot.Shard.Telemetry;
using Npgsql;

namespace Jackpot.Shard.Jackpots;

/// <summary>The single writer of a lane's jackpots.</summary>
public interface IJackpotActor : IActor
{
    /// <summary>The one byte that <see cref="RecordWaiting"/> answers when the lane is this process's own, and anything that waited was recorded.</summary>
    const byte Here = 1;

    /// <summary>
    /// A turn for the lane in this very process, if <paramref name="body"/> is its <see cref="ReplicaId"/>; the answers do not take the way
    /// back through the sidecar.
    /// </summary>
    Task<ReadOnlyMemory<byte>> RecordWaiting(ReadOnlyMemory<byte> body, CancellationToken ct);

    /// <summary>
    /// Records one batch of a lane elsewhere; both bodies are <see cref="BatchCodec"/>'s bytes. Safe to repeat: every item carries its
    /// idempotency key.
    /// </summary>
    Task<ReadOnlyMemory<byte>> RecordBatch(ReadOnlyMemory<byte> body, CancellationToken ct);
}

/// <summary>
/// Load, ask the rules, commit, answer. That there is one of these per lane makes it fast; that the fence holds makes it right: Dapr may
/// activate an actor twice, and then both of these write and only one of them wins each version.
/// </summary>
internal sealed class JackpotActor : Actor, IJackpotActor, IAsyncDisposable
{
    const int AnswerBytesTypical = 64;

    static readonly ReadOnlyMemory<byte> HereAnswer = new[] { IJackpotActor.Here };
    static readonly ReadOnlyMemory<byte> ElsewhereAnswer = new byte[1];

    readonly LaneDirectory _lanes;
    readonly ReplicaId _replica;
    readonly LaneStore _store;
    readonly LaneLedger _ledger;
    readonly LaneTurn _turn;
    readonly LaneThread _thread;
    readonly LaneThread _commits;

    // Reused from turn to turn, of which there is one at a time: a fresh one would be a large object.
    readonly AcceptedContribution[] _items = new AcceptedContribution[BatchCodec.ItemsMax];

    public JackpotActor(
        ActorHost host, LaneDirectory lanes, ReplicaId replica, LaneDatabase own, NpgsqlDataSource database, JackpotDirectory directory, JackpotReader reader, CycleVault vault,
        DedupeWindows windows, ShardEpochs epochs, OutboxSignal outbox, ShardOptions options, ShardMetrics metrics, TimeProvider clock)
        : base(host)
    {
        _lanes = lanes;
        _replica = replica;
        _store = new LaneStore(own, database, directory, reader, windows, epochs, options.Id, clock);
        _ledger = new LaneLedger(_store, vault, clock, outbox.Raise, Logger);
        _thread = new LaneThread($"{Id} turns");
        _commits = new LaneThread($"{Id} commits");
        _turn = new LaneTurn(_ledger, _commits, metrics, clock);
    }

    public async Task<ReadOnlyMemory<byte>> RecordWaiting(ReadOnlyMemory<byte> body, CancellationToken ct)
    {
        if (!_replica.Is(body.Span) || _lanes.Find(Id.GetId()) is not { } lane)
        {
            return ElsewhereAnswer;
        }

        await _thread.RunAsync(() => _turn.Run(lane, ct));
        return HereAnswer;
    }

    public async Task<ReadOnlyMemory<byte>> RecordBatch(ReadOnlyMemory<byte> body, CancellationToken ct)
    {
        var count = BatchCodec.ReadRequest(body.Span, _items);
        var answers = await _thread.RunAsync(() => _ledger.Record(_items.AsMemory(0, count), ct));
        Array.Clear(_items, 0, count);
        var response = new ArrayBufferWriter<byte>(answers.Length * AnswerBytesTypical + AnswerBytesTypical);
        BatchCodec.WriteResponse(response, answers);
        return response.WrittenMemory;
    }

    /// <summary>Lets threads and connection go, after the turn that may still run; called by the runtime when the actor is deactivated.</summary>
    public async ValueTask DisposeAsync()
    {
        await _thread.RunAsync(_store.Dispose);
        _commits.Dispose();
        _thread.Dispose();
    }
}
