using Jackpot.Ledger.Batching;
using Jackpot.Ledger.Contributions;

namespace Jackpot.Shard.Tests;

/// <summary>Recorders that hand each batch to a test and answer what it says.</summary>
/// <param name="record">Blocks as long as the batch is in flight; gets the batcher's id and the items.</param>
internal sealed class TestRecorders(Func<string, AcceptedContribution[], CancellationToken, RecordedContribution[]> record) : IBatchRecorders
{
    public IBatchRecorder Of(string batcherId) => new Recorder(batcherId, record);

    sealed class Recorder(string batcherId, Func<string, AcceptedContribution[], CancellationToken, RecordedContribution[]> record) : IBatchRecorder
    {
        readonly TakenBatch _taken = new();

        public void Run(Batcher batcher, CancellationToken ct)
        {
            while (batcher.TryTake(_taken))
            {
                batcher.Answer(_taken, record(batcherId, _taken.Items.ToArray(), ct));
            }
        }

        public void Dispose()
        {
        }
    }
}
