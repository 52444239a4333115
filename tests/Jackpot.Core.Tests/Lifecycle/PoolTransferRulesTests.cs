using Jackpot.Core.Amounts;
using Jackpot.Core.Chain;
using Jackpot.Core.Contributions;
using Jackpot.Core.Draws;
using Jackpot.Core.Ledger;
using Jackpot.Core.Lifecycle;
using Jackpot.Core.Pools;
using Jackpot.Core.Tests.Play;
using Jackpot.Core.Verification;
using static Jackpot.Core.Tests.Play.Terms;

namespace Jackpot.Core.Tests.Lifecycle;

public sealed class PoolTransferRulesTests
{
    static readonly TransferEnd Source = End(Random("old"), JackpotStatus.Paused, 300, 70, 5);
    static readonly TransferEnd Target = End(Random("new"), JackpotStatus.Active, 10, 20, 30);

    [Fact]
    [Trait("Rule", "R26")]
    public void Everything_is_moved_overflow_and_reserve_included()
    {
        var outcome = PoolTransferRules.Transfer(Source, Target);
        Assert.Equal((TransferAnswer.Done, 0), (outcome.Answer, outcome.Source.TotalMicros));
        Assert.Equal((1_310, 1_000, 90, 35), Units(outcome.Target));
        CheckMoney(Source, Target, outcome);
    }

    [Theory]
    [Trait("Rule", "R06")]
    [InlineData(1_500)]
    [InlineData(2_000)]
    public void What_does_not_fit_under_the_ceiling_goes_to_the_overflow(long ceiling)
    {
        var target = Target with { Terms = Target.Terms with { CeilingMicros = ceiling * Unit } };
        var outcome = PoolTransferRules.Transfer(Source, target);
        Assert.Equal((ceiling - 1_000, 1_000, 90, 35 + 1_310 - (ceiling - 1_000)), Units(outcome.Target));
        CheckMoney(Source, target, outcome);
    }

    public static TheoryData<TransferAnswer, TransferEnd, TransferEnd> Refusals() => new()
    {
        { TransferAnswer.SamePool, Source, Source },
        { TransferAnswer.SourceNotPaused, Source with { Status = JackpotStatus.Active }, Target },
        { TransferAnswer.TargetNotOpen, Source, Target with { Status = JackpotStatus.Paused } },
        { TransferAnswer.TargetNotOpen, Source, Target with { Pool = Target.Pool with { Status = PoolStatus.Dropped } } },
        { TransferAnswer.CurrenciesDiffer, Source, Target with { Currency = Currency.Parse("USD") } },
        { TransferAnswer.OddsNotComparable, Source, Target with { Terms = External("new") } },
        { TransferAnswer.OddsWorse, Source, Target with { Terms = Target.Terms with { Trigger = new RandomTrigger(250_000 * Unit + 1) } } },
        { TransferAnswer.NothingToMove, Source with { Pool = Source.Pool with { IncrementMicros = 0, SeedMicros = 0, ReserveMicros = 0, OverflowMicros = 0 } }, Target },
    };

    [Theory]
    [Trait("Rule", "R25")]
    [MemberData(nameof(Refusals))]
    public void A_transfer_is_refused_with_its_reason_and_moves_nothing(TransferAnswer answer, TransferEnd source, TransferEnd target)
    {
        var outcome = PoolTransferRules.Transfer(source, target);
        Assert.Equal((answer, source.Pool, target.Pool), (outcome.Answer, outcome.Source, outcome.Target));
        Assert.Empty(outcome.Ledger);
    }

    [Fact]
    [Trait("Rule", "R25")]
    public void Pools_of_the_same_kind_compare_when_only_the_traffic_knows_their_odds() =>
        Assert.Equal(TransferAnswer.Done, PoolTransferRules.Transfer(Source with { Terms = External("old") }, Target with { Terms = External("new") }).Answer);

    [Fact]
    [Trait("Rule", "R17")]
    [Trait("Rule", "R27")]
    public void A_transfer_into_a_must_drop_drops_nothing_and_is_verified_with_it()
    {
        var live = new LiveJackpot(Of(MustDrop()), SeededRandom.New());
        live.Play(100 * Unit);
        var target = new TransferEnd(JackpotStatus.Active, Euro, live.Config.Pools[0], live.State.Pools[0]);
        var source = End(MustDrop("old"), JackpotStatus.Paused, 100, 1, 0);
        var outcome = PoolTransferRules.Transfer(source, target);
        CheckMoney(source, target, outcome);
        Assert.Equal(12 * Unit - 1, outcome.Target.AmountMicros);
        var full = target with { Pool = outcome.Target with { IncrementMicros = outcome.Target.IncrementMicros + 1 } };
        Assert.Equal(full.Pool.ThresholdAboveMicros, PoolTransferRules.Transfer(source, full).Target.ThresholdAboveMicros);

        var hidden = PoolRules.HiddenThresholdMicros((MustDropByAmount)target.Terms.Trigger, outcome.Target, live.Secrets[(target.Pool.Id, 1)]);
        Assert.Equal(12 * Unit, hidden);
        live.Replace(outcome.Target);
        live.Play(1 * Unit);
        var added = new Adjustment(1, outcome.Target.IncrementMicros - target.Pool.IncrementMicros, 1 * Unit, outcome.Target.OverflowMicros - target.Pool.OverflowMicros, true);
        var export = live.Export(Assert.Single(live.Drops));
        Assert.Empty(CycleVerifier.Verify(export with { Adjustments = [added] }));
        Assert.NotEmpty(CycleVerifier.Verify(export));
        Assert.Contains(CycleVerifier.Verify(export with { Adjustments = [added with { ReserveMicros = -1 }] }), finding => finding.Kind == FindingKind.AmountOutOfRange);
        Assert.Contains(CycleVerifier.Verify(export with { Adjustments = [added with { RedrawsThreshold = false }] }), finding => finding.Kind == FindingKind.AmountOutOfRange);
        Assert.Contains(CycleVerifier.Verify(export with { Adjustments = [added with { AfterSequence = 77 }] }), finding => finding.Kind == FindingKind.IdsDisagree);
    }

    static void CheckMoney(TransferEnd source, TransferEnd target, TransferOutcome outcome)
    {
        Assert.Equal(0, outcome.Ledger.Sum(entry => entry.Micros));
        Assert.True(MoneyEquation.Of(source.Pool, outcome.Source, outcome.Ledger) is { Holds: true } left && left.TransfersMicros == -source.Pool.TotalMicros);
        Assert.True(MoneyEquation.Of(target.Pool, outcome.Target, outcome.Ledger) is { Holds: true } came && came.TransfersMicros == source.Pool.TotalMicros);
        Assert.Equal(source.Pool.TotalMicros + target.Pool.TotalMicros, outcome.Target.TotalMicros);
    }

    static (long, long, long, long) Units(PoolState pool) => (pool.IncrementMicros / Unit, pool.SeedMicros / Unit, pool.ReserveMicros / Unit, pool.OverflowMicros / Unit);

    static TransferEnd End(PoolConfig terms, JackpotStatus status, long increment, long reserve, long overflow) => new(status, Euro, terms,
        PoolRules.Start(terms, Euro).State with { IncrementMicros = increment * Unit, ReserveMicros = reserve * Unit, OverflowMicros = overflow * Unit });
}
