using System.Collections.Immutable;
using Jackpot.Core.Amounts;
using Jackpot.Core.Chain;
using Jackpot.Core.Eligibility;
using Jackpot.Core.Ids;
using Jackpot.Core.Pools;
using Jackpot.Core.Tests.Play;

namespace Jackpot.Core.Tests.Eligibility;

public sealed class EligibilityRulesTests
{
    static readonly Hash16 Anna = new([.. Enumerable.Repeat((byte)1, 16)]);

    static readonly EligibilityTerms Terms = new()
    {
        Brands = [TenantId.Parse("brand-42")],
        Countries = ["MT", "SE"],
        Games = [GameId.Parse("starfall")],
        Segments = ["gold"],
        Bands = [new StakeBand(Play.Terms.Euro, 100_000, 5_000_000)],
        ConsentVersion = 2,
        Runs = new EventTime(1_000, 2_000),
        Owner = Anna,
    };

    static readonly Candidate Good = new(PlayerStatus.Good, Anna, TenantId.Parse("brand-42"), "MT", GameId.Parse("starfall"), ["silver", "gold"], 2, new Money(1_000_000, Play.Terms.Euro), 1_500);

    public static TheoryData<IneligibleReason, Func<Candidate, Candidate>> Refusals() => new()
    {
        { IneligibleReason.SelfExcluded, bet => bet with { PlayerStatus = PlayerStatus.SelfExcluded } },
        { IneligibleReason.HouseAccount, bet => bet with { PlayerStatus = PlayerStatus.HouseAccount } },
        { IneligibleReason.EventNotStarted, bet => bet with { AtUnixMs = 999 } },
        { IneligibleReason.EventEnded, bet => bet with { AtUnixMs = 2_000 } },
        { IneligibleReason.NotYourPot, bet => bet with { Player = default } },
        { IneligibleReason.BrandNotIncluded, bet => bet with { Brand = TenantId.Parse("brand-43") } },
        { IneligibleReason.CountryNotIncluded, bet => bet with { Country = "FR" } },
        { IneligibleReason.GameNotIncluded, bet => bet with { Game = GameId.Parse("other") } },
        { IneligibleReason.SegmentNotIncluded, bet => bet with { Segments = ["silver"] } },
        { IneligibleReason.NotOptedIn, bet => bet with { ConsentVersion = null } },
        { IneligibleReason.ConsentOutdated, bet => bet with { ConsentVersion = 1 } },
        { IneligibleReason.FundingNotTaken, bet => bet with { Funding = BetFunding.FreeRound } },
        { IneligibleReason.CurrencyNotTaken, bet => bet with { Stake = new Money(1_000_000, Currency.Parse("USD")) } },
        { IneligibleReason.StakeTooSmall, bet => bet with { Stake = new Money(99_999, Play.Terms.Euro) } },
        { IneligibleReason.StakeTooLarge, bet => bet with { Stake = new Money(5_000_001, Play.Terms.Euro) } },
    };

    [Theory]
    [Trait("Rule", "R35")]
    [Trait("Rule", "R38")]
    [MemberData(nameof(Refusals))]
    public void A_bet_that_does_not_take_part_is_told_why(IneligibleReason reason, Func<Candidate, Candidate> change) =>
        Assert.Equal([reason], EligibilityRules.Check(Terms, JackpotStatus.Active, change(Good)));

    [Theory]
    [Trait("Rule", "R30")]
    [InlineData(JackpotStatus.Paused)]
    [InlineData(JackpotStatus.Decommissioned)]
    public void Nobody_takes_part_in_a_jackpot_that_is_not_active(JackpotStatus status) =>
        Assert.Equal([IneligibleReason.JackpotNotActive], EligibilityRules.Check(Terms, status, Good));

    [Fact]
    public void Every_reason_has_its_row() =>
        Assert.Equal(Enum.GetValues<IneligibleReason>().Except([IneligibleReason.JackpotNotActive]), Refusals().Select(row => row.Data.Item1));

    [Fact]
    public void A_bet_that_fits_takes_part()
    {
        Assert.Empty(EligibilityRules.Check(Terms, JackpotStatus.Active, Good));
        Assert.Empty(EligibilityRules.Check(new EligibilityTerms(), JackpotStatus.Active, Good with { ConsentVersion = null, Country = "", Player = default }));
    }

    [Fact]
    [Trait("Rule", "R48")]
    public void Protection_of_the_player_is_looked_at_first()
    {
        var bet = Refusals().Select(row => row.Data.Item2).Aggregate(Good, (bet, change) => change(bet)) with { PlayerStatus = PlayerStatus.SelfExcluded };
        Assert.Equal(IneligibleReason.SelfExcluded, EligibilityRules.Check(Terms, JackpotStatus.Paused, bet)[0]);
        var house = EligibilityRules.Check(Terms, JackpotStatus.Paused, bet with { PlayerStatus = PlayerStatus.HouseAccount });
        Assert.Equal(IneligibleReason.HouseAccount, house[0]);
        Assert.Equal(house.Order(), house);
    }

    [Fact]
    [Trait("Rule", "R11")]
    public void A_personal_pot_is_fed_by_its_owner_only()
    {
        var pot = new EligibilityTerms { Owner = Anna };
        Assert.Empty(EligibilityRules.Check(pot, JackpotStatus.Active, Good));
        Assert.Equal([IneligibleReason.NotYourPot], EligibilityRules.Check(pot, JackpotStatus.Active, Good with { Player = new Hash16([.. Enumerable.Repeat((byte)2, 16)]) }));
    }

    [Fact]
    public void Free_rounds_take_part_only_where_the_terms_say_so_and_cash_and_bonus_unless_they_say_otherwise()
    {
        foreach (var funding in Enum.GetValues<BetFunding>())
        {
            var bet = Good with { Funding = funding };
            Assert.Equal(funding == BetFunding.FreeRound, EligibilityRules.First(new EligibilityTerms(), JackpotStatus.Active, bet) == IneligibleReason.FundingNotTaken);
            Assert.Equal(funding != BetFunding.FreeRound, EligibilityRules.First(new EligibilityTerms { Fundings = [BetFunding.FreeRound] }, JackpotStatus.Active, bet) == IneligibleReason.FundingNotTaken);
            Assert.Null(EligibilityRules.First(new EligibilityTerms { Fundings = [.. Enum.GetValues<BetFunding>()] }, JackpotStatus.Active, bet));
        }
    }
}
