using Jackpot.Core.Amounts;
using Jackpot.Core.Eligibility;
using Jackpot.Core.Tests.Play;

namespace Jackpot.Core.Tests.Eligibility;

public sealed class OptInRulesTests
{
    static readonly EligibilityTerms Asked = new() { ConsentVersion = 3, Bands = [new StakeBand(Terms.Euro, 100_000, 500_000)] };

    static readonly OptIn Good = new(default, 3, new Money(200_000, Terms.Euro), 1_000);

    public static TheoryData<OptInAnswer, PlayerStatus, OptIn> Table() => new()
    {
        { OptInAnswer.OptedIn, PlayerStatus.Good, Good },
        { OptInAnswer.OptedIn, PlayerStatus.Good, Good with { PreferredStake = null } },
        { OptInAnswer.SelfExcluded, PlayerStatus.SelfExcluded, Good with { ConsentVersion = 2 } },
        { OptInAnswer.HouseAccount, PlayerStatus.HouseAccount, Good with { ConsentVersion = 2 } },
        { OptInAnswer.ConsentOutdated, PlayerStatus.Good, Good with { ConsentVersion = 2, PreferredStake = new Money(1, Terms.Euro) } },
        { OptInAnswer.CurrencyNotTaken, PlayerStatus.Good, Good with { PreferredStake = new Money(200_000, Currency.Parse("USD")) } },
        { OptInAnswer.PreferredStakeOutOfBand, PlayerStatus.Good, Good with { PreferredStake = new Money(99_999, Terms.Euro) } },
        { OptInAnswer.PreferredStakeOutOfBand, PlayerStatus.Good, Good with { PreferredStake = new Money(500_001, Terms.Euro) } },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void An_opt_in_is_stored_or_refused_with_its_reason(OptInAnswer answer, PlayerStatus status, OptIn optIn) =>
        Assert.Equal(answer, OptInRules.Check(Asked, status, optIn));

    [Fact]
    public void Without_bands_and_versions_any_consent_will_do() =>
        Assert.Equal(OptInAnswer.OptedIn, OptInRules.Check(new EligibilityTerms(), PlayerStatus.Good, Good with { ConsentVersion = 99 }));

    [Theory]
    [InlineData(200_000, 200_000)]
    [InlineData(50_000, 100_000)]
    [InlineData(900_000, 500_000)]
    public void A_side_bet_is_what_the_player_prefers_within_the_band_in_force(long preferred, long placed) =>
        Assert.Equal(new Money(placed, Terms.Euro), OptInRules.SideBet(Asked, Good with { PreferredStake = new Money(preferred, Terms.Euro) }, Terms.Euro));

    [Fact]
    public void A_player_who_prefers_nothing_places_the_smallest_and_none_where_there_is_no_band()
    {
        Assert.Equal(new Money(100_000, Terms.Euro), OptInRules.SideBet(Asked, Good with { PreferredStake = null }, Terms.Euro));
        Assert.Null(OptInRules.SideBet(Asked, Good, Currency.Parse("USD")));
    }
}
