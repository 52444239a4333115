using Jackpot.Core.Payouts;

namespace Jackpot.Core.Tests.Payouts;

public sealed class EngineWatchTests
{
    const long Now = 1_000_000;

    [Theory]
    [InlineData(19_999, true, EngineCure.None)]
    [InlineData(20_000, true, EngineCure.ReopenStream)]
    [InlineData(20_000, false, EngineCure.None)]
    public void An_engine_stands_still_when_it_takes_nothing_for_20_s_while_the_others_answer(int stillMs, bool othersAnswer, EngineCure cure) =>
        Assert.Equal(cure, EngineWatch.Next(new EngineSight(Now, Now - stillMs, othersAnswer, null, 0)));

    [Theory]
    [InlineData(1, 119_999, EngineCure.None)]
    [InlineData(1, 120_000, EngineCure.ShutDownSidecar)]
    [InlineData(2, 119_999, EngineCure.None)]
    [InlineData(2, 120_000, EngineCure.EndProcess)]
    [InlineData(9, 120_000, EngineCure.EndProcess)]
    public void Cures_grow_and_come_at_most_once_in_two_minutes(int cures, int sinceMs, EngineCure cure) =>
        Assert.Equal(cure, EngineWatch.Next(new EngineSight(Now, 0, true, Now - sinceMs, cures)));
}
