using Jackpot.Core.Draws;
using Jackpot.Core.Pools;
using Jackpot.Core.Tests.Play;
using Jackpot.Core.Verification;
using Jackpot.TestKit;
using static Jackpot.Core.Tests.Play.Terms;

namespace Jackpot.Core.Tests.Verification;

/// <summary>An export comes from outside: whatever its numbers say, the verifier answers with findings and never falls over.</summary>
public sealed class HostileExportTests
{
    [Fact]
    public void Whatever_an_export_claims_the_verifier_answers()
    {
        var random = SeededRandom.New();
        var exports = new[] { Of(MustDrop()), Of(Random() with { Trigger = new RandomTrigger(100 * Unit) }), Of(Timed()), Of(Raffle()), Of(External()) }
            .SelectMany(config => Honest(config, random)).ToArray();
        for (var i = 0; i < Long.Count(10_000, 1_000_000); i++)
        {
            var forged = exports[random.Next(exports.Length)];
            for (var changes = random.Next(1, 4); changes > 0; changes--)
            {
                forged = Changed(forged, random);
            }

            CycleVerifier.Verify(random.Next(2) == 0 ? forged : Rechained(forged));
            CycleVerifier.Verify(forged with { Batches = [] });
        }
    }

    static CycleExport[] Honest(JackpotConfig config, Random random)
    {
        var live = new LiveJackpot(config, random, Schedules.ScheduleTests.Ms("2026-11-20T12:00Z"));
        for (var i = 0; i < 60; i++)
        {
            live.Play([.. Enumerable.Range(0, 5).Select(_ => random.NextInt64(1, 50 * Unit))]);
            live.NowUnixMs += 1_800_000;
        }

        live.DropExternally(config.Pools[0].Id);
        return [.. live.Drops.Take(3).Select(live.Export)];
    }

    static CycleExport Changed(CycleExport export, Random random) => random.Next(14) switch
    {
        0 => export with { Opening = Changed(export.Opening, random) },
        1 => export with { Closing = Changed(export.Closing, random) },
        2 => export with { Award = export.Award with { AmountMicros = Any(random), Sequence = Any(random), RemainderMicros = Any(random) } },
        3 => export.WithBatch(random.Next(export.Batches.Length), batch => batch with { FirstSequence = Any(random) }),
        4 => export.WithBatch(random.Next(export.Batches.Length), batch => batch with { DecidedAtUnixMs = Any(random) }),
        5 => export.WithBatch(random.Next(export.Batches.Length), batch => batch.WithRow(random.Next(batch.Rows.Length), row => row with { StakeMicros = Any(random), ContributionMicros = Any(random) })),
        6 => export.WithBatch(random.Next(export.Batches.Length), batch => batch.WithRow(random.Next(batch.Rows.Length), row => row with { Sequence = Any(random) })),
        7 => export with { Adjustments = [new Adjustment(export.Batches[random.Next(export.Batches.Length)].FirstSequence - 1, Any(random), Any(random), Any(random), random.Next(2) == 0)] },
        8 => export with { Configs = [export.Configs[0] with { Pools = [Changed(export.Configs[0].Pools[0], random)] }] },
        9 => export with { Secret = new CycleSecret(random.Bytes(32)) },
        10 => export with { Cycle = Any(random) },
        11 => export with { ExternalDrop = new ExternalDrop(export.Configs[0].Version, Any(random), export.Batches[^1].HeadAfter) },
        12 => export with { ExternalDrop = null },
        _ => export with { Award = export.Award with { WinningTickets = [Any(random)] } },
    };

    static PoolState Changed(PoolState pool, Random random) => random.Next(9) switch
    {
        0 => pool with { IncrementMicros = Any(random) },
        1 => pool with { SeedMicros = Any(random) },
        2 => pool with { ReserveMicros = Any(random) },
        3 => pool with { OverflowMicros = Any(random) },
        4 => pool with { ThresholdAboveMicros = Any(random) },
        5 => pool with { OpenedAtUnixMs = Any(random) },
        6 => pool with { TicketsSold = Any(random) },
        7 => pool with { LastAwardMicros = Any(random) },
        _ => pool with { OpenedAfterSequence = Any(random) },
    };

    static PoolConfig Changed(PoolConfig pool, Random random) => random.Next(4) switch
    {
        0 => pool with { SeedMicros = Any(random) },
        1 => pool with { CeilingMicros = Any(random) },
        2 => pool with { Trigger = new MustDropByAmount(Any(random), Any(random)) { Weights = [random.Next(-1, 3), random.Next(-1, 3)] } },
        _ => pool with { Trigger = new RaffleTrigger(Any(random), random.Next(-1, 5)) },
    };

    // A careful forger makes the hashes agree with the rows.
    static CycleExport Rechained(CycleExport export)
    {
        var batches = export.Batches;
        for (var i = 0; i < batches.Length && batches[i].Rows.All(row => row is { Sequence: >= 1, StakeMicros: >= 0, ContributionMicros: >= 0 }) && batches[i].FirstSequence >= 1 && batches[i].DecidedAtUnixMs >= 0; i++)
        {
            var linked = i == 0 ? batches[i] : batches[i] with { HeadBefore = batches[i - 1].HeadAfter };
            batches = batches.SetItem(i, Forgery.Rehashed(export.Jackpot, linked));
        }

        return export with { Batches = batches, Commitment = Commitment.Of(export.Secret) };
    }

    static long Any(Random random) => random.Next(8) switch
    {
        0 => long.MaxValue,
        1 => long.MinValue,
        2 => -1,
        3 => 0,
        4 => 1_000_000_000_000_000_000,
        5 => random.NextInt64(20_000) * 1_000,
        6 => 12 * Unit,
        _ => random.NextInt64(1_000),
    };
}
