using System.Collections.Immutable;
using Jackpot.Core.Amounts;
using Jackpot.Core.Pools;
using Jackpot.Core.Schedules;
using Jackpot.Core.Tests.Play;
using Jackpot.Core.Validation;
using static Jackpot.Core.Tests.Play.Terms;

namespace Jackpot.Core.Tests.Pools;

public sealed class JackpotConfigValidatorTests
{
    public static TheoryData<ConfigFaultKind, JackpotConfig> Broken() => new()
    {
        { ConfigFaultKind.NameMissing, Of(Random()) with { Name = " " } },
        { ConfigFaultKind.NameTooLong, Of(Random()) with { Name = new string('x', 101) } },
        { ConfigFaultKind.NoPools, Of() },
        { ConfigFaultKind.TooManyPools, Of([.. Enumerable.Range(0, 9).Select(tier => Random($"tier-{tier}"))]) },
        { ConfigFaultKind.PoolIdRepeated, Of(Random("same"), MustDrop("same")) },
        { ConfigFaultKind.TiersPerBetOutOfRange, Of(Random()) with { TiersPerBetMax = 0 } },
        { ConfigFaultKind.RatesAboveWhole, Of(Random() with { ContributionRate = new PartsPerMillion(1_000_000), ReserveRate = new PartsPerMillion(1) }) },
        { ConfigFaultKind.ContributionRateZero, Of(Random() with { ContributionRate = default }) },
        { ConfigFaultKind.FixedCannotGrow, Of(Random() with { Kind = PoolKind.Fixed }) },
        { ConfigFaultKind.SeedNegative, Of(MustDrop() with { SeedMicros = -Unit }) },
        { ConfigFaultKind.SeedNotWholeMinorUnits, Of(Random() with { SeedMicros = Unit + 1 }) },
        { ConfigFaultKind.SeedNotPayable, Of(Random() with { SeedMicros = 0 }) },
        { ConfigFaultKind.SeedBoostOutOfRange, Of(Random() with { SeedBoostMicros = -Unit }) },
        { ConfigFaultKind.CeilingNotWholeMinorUnits, Of(Random() with { CeilingMicros = 2_000 * Unit + 1 }) },
        { ConfigFaultKind.CeilingNotAboveSeed, Of(Random() with { CeilingMicros = 1_000 * Unit }) },
        { ConfigFaultKind.TurnoverNotPositive, Of(Random() with { Trigger = new RandomTrigger(0) }) },
        { ConfigFaultKind.MinNotPayable, Of(MustDrop() with { SeedMicros = 0, Trigger = new MustDropByAmount(0, Unit) }) },
        { ConfigFaultKind.MinNotWholeMinorUnits, Of(MustDrop() with { Trigger = new MustDropByAmount(10 * Unit + 1, 12 * Unit) }) },
        { ConfigFaultKind.MaxNotWholeMinorUnits, Of(MustDrop() with { Trigger = new MustDropByAmount(10 * Unit, 12 * Unit + 1) }) },
        { ConfigFaultKind.MinAboveMax, Of(MustDrop() with { Trigger = new MustDropByAmount(13 * Unit, 12 * Unit) }) },
        { ConfigFaultKind.MinBelowSeed, Of(MustDrop() with { Trigger = new MustDropByAmount(4 * Unit, 12 * Unit) }) },
        { ConfigFaultKind.MaxNotAboveSeed, Of(MustDrop() with { Trigger = new MustDropByAmount(5 * Unit, 5 * Unit) }) },
        { ConfigFaultKind.MaxAboveCeiling, Of(MustDrop() with { CeilingMicros = 11 * Unit }) },
        { ConfigFaultKind.FixedCannotReachAmount, Of(MustDrop() with { Kind = PoolKind.Fixed, ContributionRate = default }) },
        { ConfigFaultKind.WeightsOutOfRange, Of(MustDrop() with { Trigger = new MustDropByAmount(10 * Unit, 12 * Unit) { Weights = [1, 0] } }) },
        { ConfigFaultKind.TimeZoneUnknown, Of(Random() with { Trigger = new MustDropByTime(new Daily("Europe/Atlantis", default), WhenNobodyPlays.RollsOver) }) },
        { ConfigFaultKind.MinuteOutOfRange, Of(Random() with { Trigger = new MustDropByTime(new Hourly("Europe/Malta", 60), WhenNobodyPlays.RollsOver) }) },
        { ConfigFaultKind.TicketPriceNotPositive, Of(Random() with { Trigger = new RaffleTrigger(0, 1) }) },
        { ConfigFaultKind.WinnersOutOfRange, Of(Random() with { Trigger = new RaffleTrigger(1, 1_001) }) },
        { ConfigFaultKind.AmountTooLarge, Of(Random() with { CeilingMicros = AmountText.MicrosMax + Unit }) },
        { ConfigFaultKind.SeedsNotCalculable, Of(External() with { SeedFunding = SeedFunding.SelfFunded }) },
        { ConfigFaultKind.SeedsNotAffordable, Of(Random() with { SeedFunding = SeedFunding.SelfFunded }) },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void A_broken_rule_is_named(ConfigFaultKind fault, JackpotConfig config) =>
        Assert.Equal([fault], JackpotConfigValidator.Validate(config).Select(found => found.Kind));

    [Fact]
    public void Every_kind_of_fault_has_its_row() =>
        Assert.Equal(Enum.GetValues<ConfigFaultKind>(), Broken().Select(row => row.Data.Item1));

    [Fact]
    public void All_faults_are_told_at_once()
    {
        var faults = JackpotConfigValidator.Validate(Of(
            Random("a") with { SeedMicros = Unit / 3, CeilingMicros = 0, Trigger = new RandomTrigger(-1) },
            MustDrop("b") with { Trigger = new MustDropByAmount(13 * Unit, 12 * Unit), CeilingMicros = 11 * Unit }) with { Name = "" });
        Assert.Equal(
            [ConfigFaultKind.NameMissing, ConfigFaultKind.SeedNotWholeMinorUnits, ConfigFaultKind.CeilingNotAboveSeed, ConfigFaultKind.TurnoverNotPositive, ConfigFaultKind.MinAboveMax, ConfigFaultKind.MaxAboveCeiling],
            faults.Select(fault => fault.Kind));
        Assert.Equal(["a", "a", "a", "b", "b"], faults.Where(fault => fault.Pool is not null).Select(fault => fault.Pool.ToString()));
    }

    [Fact]
    public void A_must_drop_may_begin_at_its_minimum() =>
        Assert.Empty(JackpotConfigValidator.Validate(Of(MustDrop() with { Trigger = new MustDropByAmount(5 * Unit, 12 * Unit) })));

    [Fact]
    public void Yen_have_no_cents() =>
        Assert.Equal([ConfigFaultKind.SeedNotWholeMinorUnits],
            JackpotConfigValidator.Validate(Of(Random() with { SeedMicros = 1_500_000 }) with { Currency = Currency.Parse("JPY") }).Select(fault => fault.Kind));

    [Fact]
    public void Configurations_with_equal_terms_are_equal()
    {
        Assert.Equal(Of(Random(), MustDrop("b")), Of(Random(), MustDrop("b")));
        Assert.NotEqual(Of(Random()), Of(Random() with { SeedMicros = Unit }));
    }
}
