using Jackpot.Core.Amounts;
using Jackpot.Core.Voids;

namespace Jackpot.Core.Tests.Voids;

public sealed class VoidLimitsTests
{
    const long DayMs = 86_400_000;

    [Theory]
    [InlineData(DayMs, 100, 100, VoidLimitAnswer.Within)]
    [InlineData(DayMs + 1, 1, 1, VoidLimitAnswer.TooLate)]
    [InlineData(0, 101, 100, VoidLimitAnswer.TooMuch)]
    [InlineData(0, 201, 0, VoidLimitAnswer.TooMuch)]
    [InlineData(0, 200, 0, VoidLimitAnswer.Within)]
    [InlineData(DayMs + 1, 101, 100, VoidLimitAnswer.TooLate)]
    public void A_void_is_taken_until_24_hours_and_one_percent_of_the_bets_day(long ageMs, long micros, long voided, VoidLimitAnswer expected) =>
        Assert.Equal(expected, VoidLimits.Default.Check(ageMs, micros, new VoidDay(20_000, voided, voided == 0 ? 0 : 1)));

    [Fact]
    public void An_operators_limits_can_only_be_lower()
    {
        Assert.Equal(VoidLimits.Default, VoidLimits.Default.Lowered(2 * DayMs, 20_000));
        Assert.Equal(VoidLimits.Default, VoidLimits.Default.Lowered(null, null));
        Assert.Equal(new VoidLimits(1, new PartsPerMillion(2)), VoidLimits.Default.Lowered(1, 2));
    }

    [Fact]
    public void An_operator_without_any_allowance_has_every_void_looked_at()
    {
        var none = VoidLimits.Default.Lowered(null, 0);
        Assert.Equal(VoidLimitAnswer.TooMuch, none.Check(0, 1, new VoidDay(Int128.MaxValue / 2_000_000, 0, 0)));
    }
}
