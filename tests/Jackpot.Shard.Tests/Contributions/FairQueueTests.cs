using Jackpot.Ledger.Batching;
using Jackpot.Ledger.Contributions;

namespace Jackpot.Shard.Tests.Contributions;

public sealed class FairQueueTests
{
    const int Busy = 1;
    const int Quiet = 2;
    const int Other = 3;

    readonly FairQueue _queue = new();

    [Fact]
    public void A_batch_is_shared_out_evenly_and_what_is_left_goes_to_whoever_still_waits()
    {
        Add(Busy, 2 * BatchCodec.ItemsMax);
        Add(Quiet, 3);
        Add(Other, BatchCodec.ItemsMax);

        var batch = Take();

        Assert.Equal(BatchCodec.ItemsMax, batch.Length);
        Assert.Equal(3, batch.Count(item => item.Jackpot == Quiet));
        Assert.InRange(batch.Count(item => item.Jackpot == Busy) - batch.Count(item => item.Jackpot == Other), -1, 1);
        Assert.Equal(2 * BatchCodec.ItemsMax + 3, _queue.Count);
    }

    [Fact]
    public void Contributions_of_a_jackpot_leave_in_the_order_in_which_they_came()
    {
        Add(Busy, BatchCodec.ItemsMax + 10);
        Add(Other, 10);

        var left = Take().Concat(Take()).ToArray();

        foreach (var jackpot in (int[])[Busy, Other])
        {
            var stakes = left.Where(item => item.Jackpot == jackpot).Select(item => item.StakeMicros).ToArray();
            Assert.Equal(Enumerable.Range(0, stakes.Length).Select(stake => (long)stake), stakes);
        }

        Assert.Equal(BatchCodec.ItemsMax + 20, left.Length);
        Assert.Equal(0, _queue.Count);
        Assert.Empty(Take());
    }

    [Fact]
    public void A_full_queue_refuses_its_own_jackpot_and_no_other()
    {
        Add(Busy, FairQueue.PerJackpotMax);

        Assert.False(_queue.TryAdd(Waiting(Busy, 0)));
        Assert.True(_queue.TryAdd(Waiting(Quiet, 0)));
        Assert.Equal(FairQueue.PerJackpotMax + 1, _queue.Count);
    }

    void Add(int jackpot, int count)
    {
        for (var stake = 0; stake < count; stake++)
        {
            Assert.True(_queue.TryAdd(Waiting(jackpot, stake)));
        }
    }

    AcceptedContribution[] Take()
    {
        var batch = new TakenBatch();
        _queue.Take(batch);
        return batch.Items.ToArray();
    }

    static Waiting Waiting(int jackpot, long stake) => new(new AcceptedContribution { Jackpot = jackpot, StakeMicros = stake }, new Sender(new PendingAnswers(1), 0));
}
