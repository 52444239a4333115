using Jackpot.Core.Amounts;
using Jackpot.Core.Awards;
using Jackpot.Core.Draws;
using Jackpot.Core.Ids;
using Jackpot.Core.Pools;
using Jackpot.Core.Tests.Play;
using Jackpot.Core.Verification;
using Jackpot.Core.Voids;
using static Jackpot.Core.Tests.Play.Terms;

namespace Jackpot.Core.Tests.Verification;

public sealed class CycleVerifierTests
{
    static readonly CycleExport Honest = HonestExport();

    [Fact]
    public void Every_cycle_of_any_honest_jackpot_agrees()
    {
        var random = SeededRandom.New();
        var verified = 0;
        for (var i = 0; i < 50; i++)
        {
            var live = new LiveJackpot(Any(random), random);
            for (var batch = 0; batch < 30; batch++)
            {
                live.Play([.. Enumerable.Range(0, random.Next(1, 30)).Select(_ => random.NextInt64(1, 2_000 * Unit))]);
            }

            foreach (var drop in live.Drops)
            {
                Assert.Empty(CycleVerifier.Verify(live.Export(drop)));
                verified++;
            }
        }

        Assert.True(verified > 500, $"Only {verified} cycles were verified.");
    }

    [Fact]
    public void A_cycle_whose_award_was_named_before_epochs_agrees() =>
        Assert.Empty(CycleVerifier.Verify(Honest with { Award = Honest.Award with { Id = AwardId.Of(Honest.Pool, Honest.Cycle), Epoch = null } }));

    [Fact]
    public void A_cycle_whose_pool_holds_more_than_any_single_stake_may_be_agrees()
    {
        var random = new Random(7);
        var live = new LiveJackpot(Of(Terms.Random() with { ReserveRate = new PartsPerMillion(0), Trigger = new RandomTrigger(AmountText.MicrosMax), ContributionRate = new PartsPerMillion(900_000) }), random);
        for (var i = 0; live.Drops.Count == 0 || live.Drops[0].AwardMicros <= AmountText.MicrosMax; i++)
        {
            Assert.True(i < 200, "No pool grew that large.");
            live = live.Drops.Count > 0 ? new LiveJackpot(Of(Terms.Random() with { ReserveRate = new PartsPerMillion(0), Trigger = new RandomTrigger(AmountText.MicrosMax), ContributionRate = new PartsPerMillion(900_000) }), random) : live;
            live.Play([AmountText.MicrosMax / 4, AmountText.MicrosMax / 4]);
        }

        Assert.Empty(CycleVerifier.Verify(live.Export(live.Drops[0])));
    }

    public static TheoryData<string, FindingKind, Func<CycleExport, CycleExport>> Forgeries() => new()
    {
        { "secret exchanged", FindingKind.CommitmentMismatch, export => export with { Secret = new CycleSecret(new byte[32]) } },
        { "commitment exchanged", FindingKind.CommitmentMismatch, export => export with { Commitment = default } },
        { "stake changed", FindingKind.RootMismatch, export => export.WithBatch(1, batch => batch.WithRow(0, row => row with { StakeMicros = row.StakeMicros + 1 })) },
        { "row made up with another key", FindingKind.RootMismatch, export => export.WithBatch(1, batch => batch.WithRow(0, row => row with { Key = default })) },
        { "body exchanged", FindingKind.RootMismatch, export => export.WithBatch(1, batch => batch.WithRow(0, row => row with { Body = default })) },
        { "row changed and batch rehashed", FindingKind.ChainBroken, export => export.WithBatch(1, batch => Forgery.Rehashed(export.Jackpot, batch.WithRow(0, row => row with { Key = default }))) },
        { "root exchanged", FindingKind.RootMismatch, export => export.WithBatch(1, batch => batch with { Root = default }) },
        { "head exchanged", FindingKind.HeadMismatch, export => export.WithBatch(1, batch => batch with { HeadAfter = default }) },
        { "batch left out", FindingKind.ChainBroken, export => export with { Batches = export.Batches.RemoveAt(1) } },
        { "batch left out, sequence", FindingKind.SequenceGap, export => export with { Batches = export.Batches.RemoveAt(1) } },
        { "row left out", FindingKind.CountMismatch, export => export.WithBatch(1, batch => batch with { Rows = batch.Rows.RemoveAt(0) }) },
        { "rows exchanged", FindingKind.SequenceGap, export => export.WithBatch(1, batch => batch with { Rows = [batch.Rows[1], batch.Rows[0], .. batch.Rows[2..]] }) },
        { "contribution kept back", FindingKind.ContributionMismatch, export => export.WithBatch(1, batch => batch.WithRow(0, row => row with { ContributionMicros = row.ContributionMicros - 1 })) },
        { "winner moved earlier", FindingKind.NoDrop, export => export with { Batches = export.Batches.RemoveAt(export.Batches.Length - 1) } },
        { "drop ignored", FindingKind.EarlierDrop, export => export.WithBatch(export.Batches.Length - 1, batch => Appended(export.Jackpot, batch)) },
        { "award of another cycle", FindingKind.AwardIdMismatch, export => export with { Award = export.Award with { Id = AwardId.Of(export.Pool, 99) } } },
        { "award of another epoch", FindingKind.AwardIdMismatch, export => export with { Award = export.Award with { Epoch = ShardEpoch.Of("eu-mt-1", 99) } } },
        { "award of another shard", FindingKind.AwardIdMismatch, export => export with { Award = export.Award with { Epoch = ShardEpoch.Of("eu-mt-2", export.Award.Epoch!.Value.Number) } } },
        { "award from before epochs", FindingKind.AwardIdMismatch, export => export with { Award = export.Award with { Epoch = null } } },
        { "award given to another", FindingKind.AwardSequenceMismatch, export => export with { Award = export.Award with { Sequence = export.Award.Sequence - 1 } } },
        { "award too small", FindingKind.AwardAmountMismatch, export => export with { Award = export.Award with { AmountMicros = export.Award.AmountMicros - 10_000 } } },
        { "remainder kept", FindingKind.AwardAmountMismatch, export => export with { Award = export.Award with { RemainderMicros = export.Award.RemainderMicros + 1 } } },
        { "reserve plundered", FindingKind.ClosingMismatch, export => export with { Closing = export.Closing with { ReserveMicros = export.Closing.ReserveMicros - 1 } } },
        { "overflow plundered", FindingKind.ClosingMismatch, export => export with { Closing = export.Closing with { OverflowMicros = 1 } } },
        { "opening poorer", FindingKind.AwardAmountMismatch, export => export with { Opening = export.Opening with { IncrementMicros = export.Opening.IncrementMicros + 10_000, ThresholdAboveMicros = export.Opening.ThresholdAboveMicros + 10_000 } } },
        { "tickets exchanged", FindingKind.TicketsMismatch, export => export with { Award = export.Award with { WinningTickets = [7] } } },
        { "seed not as agreed", FindingKind.OpeningMismatch, export => export with { Opening = export.Opening with { SeedMicros = 0 } } },
        { "threshold drawn elsewhere", FindingKind.OpeningMismatch, export => export with { Opening = export.Opening with { ThresholdAboveMicros = 0 } } },
        { "cycle opened later", FindingKind.OpeningMismatch, export => export with { Opening = export.Opening with { OpenedAfterSequence = export.Opening.OpenedAfterSequence + 1 } } },
        { "terms exchanged", FindingKind.ContributionMismatch, export => export with { Configs = [export.Configs[0] with { Pools = [export.Configs[0].Pools[0] with { ReserveRate = default }] }] } },
        { "terms missing", FindingKind.ConfigMissing, export => export with { Configs = [] } },
        { "terms invalid", FindingKind.ConfigInvalid, export => export with { Configs = [export.Configs[0] with { Name = "" }] } },
        { "terms of another jackpot", FindingKind.IdsDisagree, export => export with { Configs = [export.Configs[0] with { Id = JackpotId.Parse("other") }] } },
        { "terms twice", FindingKind.IdsDisagree, export => export with { Configs = [export.Configs[0], export.Configs[0]] } },
        { "cycle renumbered", FindingKind.IdsDisagree, export => export with { Cycle = export.Cycle + 1 } },
        { "no rows at all", FindingKind.NoBatches, export => export with { Batches = [] } },
        { "empty batch", FindingKind.NoBatches, export => export.WithBatch(0, batch => batch with { Rows = [], Count = 0 }) },
        { "void left out", FindingKind.ChainBroken, export => export with { VoidSteps = export.VoidSteps.RemoveAt(0) } },
        { "all voids left out", FindingKind.ChainBroken, export => export with { VoidSteps = [] } },
        { "void of more", FindingKind.RootMismatch, export => export.WithVoids(0, step => step.WithRow(0, row => row with { StakeMicros = row.StakeMicros + 1 })) },
        { "void of more and step rehashed", FindingKind.VoidMismatch, export => export.WithVoids(0, step => Forgery.Rehashed(export.Jackpot, step.WithRow(0, row => row with { StakeMicros = row.StakeMicros + 1 }))) },
        { "void rehashed", FindingKind.ChainBroken, export => export.WithVoids(0, step => Forgery.Rehashed(export.Jackpot, step.WithRow(0, row => row with { Key = default }))) },
        { "void that gives back less", FindingKind.VoidMismatch, export => export.WithVoids(0, step => step.WithRow(0, row => row with { ContributionMicros = row.ContributionMicros - 1 })) },
        { "void turned to the settlement", FindingKind.RootMismatch, export => export.WithVoids(0, step => step.WithRow(0, row => row with { Road = VoidRoad.Settlement })) },
        { "void turned to the settlement, balances", FindingKind.ClosingMismatch, export => export.WithVoids(0, step => step.WithRow(0, row => row with { Road = VoidRoad.Settlement })) },
        { "void turned to the pool", FindingKind.ClosingMismatch, export => export.WithVoids(export.VoidSteps.Length - 1, step => step.WithRow(0, row => row with { Road = VoidRoad.Pools })) },
        { "void of another bet", FindingKind.VoidMismatch, export => export.WithVoids(0, step => step.WithRow(0, row => row with { Sequence = row.Sequence + 1 })) },
        { "void renumbered", FindingKind.SequenceGap, export => export.WithVoids(0, step => step.WithRow(0, row => row with { Number = row.Number + 1 })) },
        { "voids moved along the chain", FindingKind.SequenceGap, export => export.WithVoids(0, step => step with { AfterSequence = step.AfterSequence + 1 }) },
        { "void step head exchanged", FindingKind.HeadMismatch, export => export.WithVoids(0, step => step with { HeadAfter = default }) },
        { "empty step of voids", FindingKind.NoBatches, export => export.WithVoids(0, step => step with { Voids = [] }) },
        { "void of a negative stake", FindingKind.AmountOutOfRange, export => export.WithVoids(0, step => step.WithRow(0, row => row with { StakeMicros = -1 })) },
        { "void by no road", FindingKind.AmountOutOfRange, export => export.WithVoids(0, step => step.WithRow(0, row => row with { Road = (VoidRoad)7 })) },
        { "negative stake", FindingKind.AmountOutOfRange, export => export.WithBatch(0, batch => batch.WithRow(0, row => row with { StakeMicros = -1 })) },
        { "balance beyond all bounds", FindingKind.AmountOutOfRange, export => export with { Opening = export.Opening with { ReserveMicros = long.MaxValue } } },
    };

    [Theory]
    [MemberData(nameof(Forgeries))]
    public void A_forged_export_is_found(string forgery, FindingKind found, Func<CycleExport, CycleExport> forge)
    {
        Assert.Empty(CycleVerifier.Verify(Honest));
        var findings = CycleVerifier.Verify(forge(Honest));
        Assert.True(findings.Any(finding => finding.Kind == found), $"{forgery}: {string.Join(", ", findings)}");
    }

    [Fact]
    public void An_exporter_that_only_keeps_balances_is_believed() =>
        Assert.Empty(CycleVerifier.Verify(Honest with { Closing = Honest.Closing with { LastAwardMicros = 0, OpenedAtUnixMs = 0, TicketsSold = 0 } }));

    [Fact]
    public void Every_kind_of_finding_has_its_forgery() =>
        Assert.Equal(
            Enum.GetValues<FindingKind>().Except([FindingKind.BatchCutShort, FindingKind.StoredMismatch]).Order(),
            Forgeries().Select(row => row.Data.Item2).Distinct().Order());

    [Fact]
    public void Findings_are_limited_and_never_tell_the_secret()
    {
        var forged = Honest with { Commitment = default, Batches = [.. Honest.Batches.Select(batch => batch with { Root = default, HeadBefore = default, Count = 0, FirstSequence = 1 })] };
        Span<byte> secret = stackalloc byte[CycleSecret.Bytes];
        Honest.Secret.CopyTo(secret);
        var hex = Convert.ToHexStringLower(secret);
        var findings = CycleVerifier.Verify(forged);
        Assert.InRange(findings.Length, 3, 100);
        Assert.DoesNotContain(findings, finding => finding.Message.Contains(hex, StringComparison.Ordinal));
    }

    static ExportedBatch Appended(JackpotId jackpot, ExportedBatch batch) =>
        Forgery.Rehashed(jackpot, batch with { Count = batch.Count + 1, Rows = batch.Rows.Add(batch.Rows[^1] with { Sequence = batch.Rows[^1].Sequence + 1 }) });

    static CycleExport HonestExport()
    {
        var random = new Random(7);
        var live = new LiveJackpot(Of(MustDrop() with { ReserveRate = new PartsPerMillion(2_500) }), random);
        while (live.Drops.Count < 2)
        {
            live.Play([.. Enumerable.Range(0, 5).Select(_ => random.NextInt64(1, 20 * Unit))]);
            live.Void((live.State.Sequence, null, VoidRoad.Pools), (Math.Max(1, live.State.Sequence - 3), 1_000, VoidRoad.Pools));
            live.Void((Math.Max(1, live.State.Sequence - 2), null, VoidRoad.Settlement));
        }

        return live.Export(live.Drops[1]);
    }
}
