using Jackpot.Core.Audit;
using Jackpot.Core.Chain;
using static Jackpot.Core.Audit.AuditFindingKind;

namespace Jackpot.Core.Tests.Audit;

/// <summary>A log that was sealed, and somebody who owns the database: every chain here is hashed anew after it was touched, so that only the seals can tell.</summary>
[Trait("Rule", "R23")]
public sealed class AuditCheckTests
{
    const long Day = 24 * 60 * 60 * 1_000;
    static readonly JackpotHead[] Heads = [new("b", 2, default), new("a", 1, default)];

    [Fact]
    public void A_log_that_nobody_touched_agrees_also_with_what_was_written_since()
    {
        Assert.Empty(AuditCheck.Check(Seals(Log(9), 4, 3), Log(9)));
        Assert.Empty(AuditCheck.Check([], Log(3)));
        Assert.Empty(AuditCheck.Check(Seals([], 0), Log(3)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(7)]
    public void What_was_done_to_a_sealed_entry_is_named(int number)
    {
        var log = Log(9);
        var seals = Seals(log, 4, 3);
        var (at, entries) = (number - 1, log.Select(chained => chained.Entry).ToList());

        var changed = entries.ToList();
        changed[at] = changed[at] with { Why = "another reason" };
        Assert.Equal([new AuditFinding(Changed, number)], AuditCheck.Check(seals, Rehash(changed)));

        var removed = entries.ToList();
        removed.RemoveAt(at);
        // Where the last sealed entry was stands one that was written later: nobody can tell them apart.
        Assert.Equal([new AuditFinding(number == 7 ? Changed : Removed, number)], AuditCheck.Check(seals, Rehash(removed)));

        var inserted = entries.ToList();
        inserted.Insert(at, Entry(1) with { StaffUser = "eve" });
        Assert.Equal([new AuditFinding(Inserted, number)], AuditCheck.Check(seals, Rehash(inserted)));
    }

    [Fact]
    public void Entries_that_changed_places_are_named()
    {
        var log = Log(9);
        var entries = log.Select(chained => chained.Entry).ToList();
        var moved = entries[5];
        entries.RemoveAt(5);
        entries.Insert(1, moved);
        Assert.Equal([new AuditFinding(Moved, 6)], AuditCheck.Check(Seals(log, 4, 3), Rehash(entries)));
    }

    [Fact]
    public void A_log_that_is_only_cut_off_is_missed()
    {
        var log = Log(9);
        Assert.Equal([new AuditFinding(Removed, 6), new AuditFinding(Removed, 7)], AuditCheck.Check(Seals(log, 4, 3), log[..5]));
    }

    [Fact]
    public void An_entry_after_the_last_seal_is_held_by_the_chain()
    {
        var log = Log(9);
        log[8] = log[8] with { Entry = log[8].Entry with { Why = "x" } };
        Assert.Equal([new AuditFinding(ChainBroken, 9)], AuditCheck.Check(Seals(log, 4, 3), log));
    }

    [Fact]
    public void Seals_are_gapless_and_chained()
    {
        var log = Log(9);
        var seals = Seals(log, 2, 2, 2);
        Assert.Equal([new AuditFinding(SealBroken, 3)], AuditCheck.Check([seals[0], seals[2]], log).Where(finding => finding.Kind == SealBroken));
        Assert.Equal([new AuditFinding(SealBroken, 2)], AuditCheck.Check([seals[0], seals[1] with { Previous = default }], log));
        foreach (var altered in new[]
        {
            seals[0] with { Shard = "other" }, seals[0] with { AtUnixMs = 1 }, seals[0] with { Heads = [] }, seals[0] with { Digests = [seals[0].Digests[1], seals[0].Digests[0]] },
            seals[0] with { Heads = [seals[0].Heads[0] with { Sequence = 9 }, seals[0].Heads[1]] },
        })
        {
            Assert.Contains(new AuditFinding(SealBroken, 2), AuditCheck.Check([altered, seals[1]], log));
        }
    }

    [Fact]
    public void A_seal_is_due_first_then_daily_and_when_it_would_be_full()
    {
        var seal = Assert.Single(Seals(Log(2), 2));
        Assert.True(AuditSeal.IsDue(null, 0, 0));
        Assert.False(AuditSeal.IsDue(seal, AuditSeal.EntriesMax - 1, Day - 1));
        Assert.True(AuditSeal.IsDue(seal, AuditSeal.EntriesMax, Day - 1));
        Assert.True(AuditSeal.IsDue(seal, 0, Day));
        Assert.Equal(["a", "b"], seal.Heads.Select(head => head.JackpotId));
    }

    [Fact]
    public void A_seal_holds_the_entries_that_follow_and_no_others()
    {
        var log = Log(4);
        var seal = Assert.Single(Seals(log, 2));
        Assert.Throws<ArgumentException>(() => AuditSeal.After(seal, "s", 0, log[..2], []));
        Assert.Throws<ArgumentException>(() => AuditSeal.After(seal, "s", 0, [log[2], log[2]], []));
    }

    /// <summary>Whatever is done to a log, somebody who compares finds it, and an untouched entry is never blamed while nothing moved.</summary>
    [Fact]
    public void Any_number_of_faults_is_found()
    {
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (var run = 0; run < 500; run++)
        {
            var log = Log(random.Next(5, 40));
            var seals = Seals(log, log.Count);
            var entries = log.Select(chained => chained.Entry).ToList();
            var expected = new List<AuditFinding>();
            // Each fault has untouched neighbours on both sides, so that there is one way to tell what was done.
            for (var number = log.Count - 1; number > 1; number -= random.Next(2, 6))
            {
                var at = number - 1;
                switch (random.Next(3))
                {
                    case 0:
                        entries[at] = entries[at] with { After = "forged" };
                        expected.Add(new AuditFinding(Changed, number));
                        break;
                    case 1:
                        entries.RemoveAt(at);
                        expected.Add(new AuditFinding(Removed, number));
                        break;
                    default:
                        entries.Insert(at, Entry(0) with { StaffUser = $"eve {number}" });
                        expected.Add(new AuditFinding(Inserted, number));
                        break;
                }
            }

            var rehashed = Rehash(entries);
            var findings = AuditCheck.Check(seals, rehashed);
            // An inserted entry is named by the place where it stands now.
            Assert.Equal(expected.Where(finding => finding.Kind != Inserted).OrderBy(finding => finding.Number), findings.Where(finding => finding.Kind != Inserted));
            Assert.Equal(
                expected.Where(finding => finding.Kind == Inserted).Select(finding => $"eve {finding.Number}").Order(),
                findings.Where(finding => finding.Kind == Inserted).Select(finding => rehashed[(int)finding.Number - 1].Entry.StaffUser).Order());
        }
    }

    static List<AuditSeal> Seals(List<ChainedAuditEntry> log, params int[] sizes)
    {
        var seals = new List<AuditSeal>();
        foreach (var size in sizes)
        {
            var last = seals.LastOrDefault();
            seals.Add(AuditSeal.After(last, "s", 5, log[(int)((last?.Next ?? 1) - 1)..][..size], Heads));
        }

        return seals;
    }

    static List<ChainedAuditEntry> Rehash(IEnumerable<AuditEntry> entries)
    {
        var log = new List<ChainedAuditEntry>();
        foreach (var entry in entries)
        {
            log.Add(AuditChain.Append(log.LastOrDefault(), entry with { Number = log.Count + 1 }));
        }

        return log;
    }

    static List<ChainedAuditEntry> Log(int entries) => Rehash(Enumerable.Range(1, entries).Select(number => Entry(number)));

    static AuditEntry Entry(long number) => new(number, 1_000 + number, "jackpot euro-spins", "ceiling changed", "anna", "ben", "summer campaign", "50000.00", "60000.00");
}
