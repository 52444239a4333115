using Jackpot.Core.Contributions;
using Jackpot.Core.Draws;
using Jackpot.Core.Tests.Play;
using static Jackpot.Core.Tests.Play.Terms;

namespace Jackpot.Core.Tests.Contributions;

public sealed class HotPathTests
{
    [Fact]
    public void A_longer_batch_allocates_no_more_than_a_short_one()
    {
        Measure(1);
        Assert.Equal(Measure(10), Measure(1_000));
    }

    static long Measure(int stakes)
    {
        var config = Of(Random("a") with { Trigger = new Core.Pools.RandomTrigger(Core.Amounts.AmountText.MicrosMax) }, MustDrop("b"));
        var state = JackpotRules.Start(config).State;
        var batch = Enumerable.Repeat(new Stake(1_000), stakes).ToArray();
        var secrets = new CycleSecret[2];
        var (amounts, splits) = (new long[stakes * 2], new ContributionSplit[stakes]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var decision = JackpotRules.Record(config, state, batch, secrets, amounts, splits);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(stakes, decision.Consumed);
        return allocated;
    }
}
