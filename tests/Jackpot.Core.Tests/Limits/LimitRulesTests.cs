using Jackpot.Core.Ids;
using Jackpot.Core.Limits;

namespace Jackpot.Core.Tests.Limits;

[Trait("Rule", "R01")]
public sealed class LimitRulesTests
{
    static readonly ContributionLimits Limits = new(1_000, 2_500, 60);

    [Theory]
    [InlineData(1_000, LimitVerdict.Within)]
    [InlineData(1_001, LimitVerdict.StakeTooLarge)]
    public void A_stake_above_the_limit_is_named_so(long stake, LimitVerdict verdict) =>
        Assert.Equal(verdict, LimitRules.Check(Limits, default, stake, 0).Verdict);

    [Fact]
    public void A_feeder_that_stakes_too_much_in_a_window_is_over_the_limit_until_the_next()
    {
        var window = default(RateWindow);
        var verdicts = new List<LimitVerdict>();
        foreach (var (stake, at) in new[] { (1_000L, 120_000L), (1_000, 130_000), (501, 140_000), (500, 179_999), (1, 179_999), (1, 180_000) })
        {
            var decision = LimitRules.Check(Limits, window, stake, at);
            verdicts.Add(decision.Verdict);
            window = decision.Window;
        }

        Assert.Equal([LimitVerdict.Within, LimitVerdict.Within, LimitVerdict.RateTooHigh, LimitVerdict.Within, LimitVerdict.RateTooHigh, LimitVerdict.Within], verdicts);
        Assert.Equal(new RateWindow(180_000, 1), window);
    }

    [Fact]
    public void A_clock_that_steps_back_does_not_open_a_fresh_window() =>
        Assert.Equal(LimitVerdict.RateTooHigh, LimitRules.Check(Limits, new RateWindow(120_000, 2_500), 1, 60_000).Verdict);

    [Fact]
    public void Without_limits_nothing_is_over_one() =>
        Assert.Equal(LimitVerdict.Within, LimitRules.Check(new ContributionLimits(null, null, 1), default, long.MaxValue, 5).Verdict);

    [Fact]
    public void A_staff_user_decides_once_and_says_why()
    {
        var held = QuarantineRules.Hold(ContributionId.Parse("c-1"), TenantId.Parse("brand-42"), 5_000, LimitVerdict.StakeTooLarge);
        Assert.Equal(QuarantineAnswer.StaffUserMissing, QuarantineRules.Release(held, "", "checked").Answer);
        Assert.Equal(QuarantineAnswer.StaffUserMissing, QuarantineRules.Release(held, "Anna", "checked").Answer);
        Assert.Equal(QuarantineAnswer.ReasonMissing, QuarantineRules.Refuse(held, "anna", " ").Answer);

        var released = QuarantineRules.Release(held, "anna", "high roller, confirmed");
        Assert.Equal((QuarantineAnswer.Done, QuarantineStatus.Released, "anna"), (released.Answer, released.Entry.Status, released.Entry.DecidedBy));
        Assert.Equal(QuarantineStatus.Refused, QuarantineRules.Refuse(held, "anna", "typing error").Entry.Status);
        Assert.Equal((QuarantineAnswer.AlreadyDecided, QuarantineStatus.Released), (QuarantineRules.Refuse(released.Entry, "ben", "no").Answer, QuarantineRules.Refuse(released.Entry, "ben", "no").Entry.Status));
    }

    [Fact]
    public void A_stake_within_the_limits_is_not_held() =>
        Assert.Throws<ArgumentException>(() => QuarantineRules.Hold(ContributionId.Parse("c-1"), TenantId.Parse("t"), 1, LimitVerdict.Within));
}
