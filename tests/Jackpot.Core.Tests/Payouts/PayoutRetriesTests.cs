using Jackpot.Core.Payouts;

namespace Jackpot.Core.Tests.Payouts;

public sealed class PayoutRetriesTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 4)]
    [InlineData(6, 32)]
    [InlineData(7, 60)]
    [InlineData(PayoutRetries.LooksMax, 60)]
    [InlineData(int.MaxValue, 60)]
    public void Pauses_double_to_a_minute_and_stay_within_their_jitter(int look, int seconds)
    {
        foreach (var payout in Enumerable.Range(0, 1_000).Select(number => $"payout-{number}"))
        {
            var pause = PayoutRetries.Pause(payout, look).TotalMilliseconds;
            Assert.InRange(pause, seconds * 1_000 * (100 - PayoutRetries.JitterPercentMax) / 100, seconds * 1_000 * (100 + PayoutRetries.JitterPercentMax) / 100);
        }
    }

    [Fact]
    public void Payouts_of_one_wallet_do_not_all_come_back_at_once()
    {
        var pauses = Enumerable.Range(0, 1_000).CountBy(number => PayoutRetries.Pause($"payout-{number}", 7)).ToList();
        Assert.Equal((2 * PayoutRetries.JitterPercentMax) + 1, pauses.Count);
        Assert.All(pauses, pause => Assert.InRange(pause.Value, 5, 60));
    }

    [Theory]
    [InlineData("payout-a", 1, 1_090)]
    [InlineData("payout-a", 7, 61_800)]
    [InlineData("payout-b", 2, 1_640)]
    public void A_replayed_workflow_waits_as_it_did(string payout, int look, int ms) =>
        Assert.Equal(ms, PayoutRetries.Pause(payout, look).TotalMilliseconds);
}
