using System.Collections.Immutable;
using Jackpot.Core.Chain;

namespace Jackpot.Core.Audit;

/// <summary>What was done to a log.</summary>
public enum AuditFindingKind
{
    /// <summary>The entry says something else than when it was sealed.</summary>
    Changed,

    /// <summary>The entry that was sealed is not in the log.</summary>
    Removed,

    /// <summary>The entry stands among sealed ones, and nobody sealed it.</summary>
    Inserted,

    /// <summary>The entry is in the log, at another place among its neighbours.</summary>
    Moved,

    /// <summary>The entry does not carry the hash that it and the one before it give.</summary>
    ChainBroken,

    /// <summary>The seal does not follow the one before it.</summary>
    SealBroken,
}

/// <summary>One thing that is wrong with a log.</summary>
/// <param name="Kind">What.</param>
/// <param name="Number">Of the entry as it was sealed; of the entry as it stands in the log when it was inserted or its chain is broken; of the seal when that is broken.</param>
public sealed record AuditFinding(AuditFindingKind Kind, long Number);

/// <summary>Compares a log with its seals, and names what was changed, removed, inserted or moved (R23).</summary>
public static class AuditCheck
{
    /// <summary>Everything that is wrong, seals first, then entries in order; empty when the log is whole. Entries after the last seal are held by their chain alone.</summary>
    /// <param name="seals">All of them in order; the caller has checked their signatures.</param>
    /// <param name="log">The whole log in order.</param>
    public static ImmutableArray<AuditFinding> Check(IReadOnlyList<AuditSeal> seals, IReadOnlyList<ChainedAuditEntry> log)
    {
        ImmutableArray<Hash32> sealedDigests = [.. seals.SelectMany(seal => seal.Digests)];
        var compared = Compare(sealedDigests, log);
        // Whoever changes an entry breaks the chain behind it; one fault is told once.
        var chain = compared.IsEmpty ? AuditChain.Broken(log).Select(number => new AuditFinding(AuditFindingKind.ChainBroken, number)) : [];
        return [.. BrokenSeals(seals), .. compared, .. chain];
    }

    static IEnumerable<AuditFinding> BrokenSeals(IReadOnlyList<AuditSeal> seals)
    {
        AuditSeal? last = null;
        foreach (var seal in seals)
        {
            if (seal.Number != (last?.Number ?? 0) + 1 || seal.First != (last?.Next ?? 1) || seal.Previous != (last?.Hash() ?? default) || seal.Shard != (last?.Shard ?? seal.Shard))
            {
                yield return new AuditFinding(AuditFindingKind.SealBroken, seal.Number);
            }

            last = seal;
        }
    }

    // What kept its order is common to both; between two such entries lies what was changed, removed or inserted.
    static ImmutableArray<AuditFinding> Compare(ImmutableArray<Hash32> sealedDigests, IReadOnlyList<ChainedAuditEntry> log)
    {
        var found = Found(sealedDigests, log);
        var (kept, moved) = Kept(found);
        var elsewhere = new HashSet<int>(moved.Select(at => found[at]));
        var findings = ImmutableArray.CreateBuilder<AuditFinding>();
        findings.AddRange(moved.Select(at => new AuditFinding(AuditFindingKind.Moved, at + 1)));

        var (nextSealed, nextInLog) = (0, 0);
        foreach (var at in kept.Append(sealedDigests.Length))
        {
            var end = at < sealedDigests.Length;
            var gone = Enumerable.Range(nextSealed, at - nextSealed).Where(i => found[i] < 0).ToList();
            var strange = Enumerable.Range(nextInLog, (end ? found[at] : log.Count) - nextInLog).Where(i => !elsewhere.Contains(i)).ToList();
            for (var i = 0; i < gone.Count; i++)
            {
                findings.Add(new AuditFinding(i < strange.Count ? AuditFindingKind.Changed : AuditFindingKind.Removed, gone[i] + 1));
            }

            // Behind the last entry that was sealed stands what has been written since.
            if (end)
            {
                findings.AddRange(strange.Skip(gone.Count).Select(i => new AuditFinding(AuditFindingKind.Inserted, log[i].Entry.Number)));
                (nextSealed, nextInLog) = (at + 1, found[at] + 1);
            }
        }

        return [.. findings.OrderBy(finding => finding.Number)];
    }

    /// <summary>Where in the log each sealed entry is; -1 for nowhere. Two entries that say the same are taken in order.</summary>
    static int[] Found(ImmutableArray<Hash32> sealedDigests, IReadOnlyList<ChainedAuditEntry> log)
    {
        var places = new Dictionary<Hash32, Queue<int>>();
        for (var i = 0; i < log.Count; i++)
        {
            var digest = AuditChain.Digest(log[i].Entry);
            if (!places.TryGetValue(digest, out var same))
            {
                places.Add(digest, same = new Queue<int>());
            }

            same.Enqueue(i);
        }

        return [.. sealedDigests.Select(digest => places.TryGetValue(digest, out var same) && same.TryDequeue(out var place) ? place : -1)];
    }

    /// <summary>The longest run of sealed entries whose order is the log's, and the others that the log has: a longest increasing subsequence, found by patience sorting.</summary>
    static (List<int> Kept, List<int> Moved) Kept(int[] found)
    {
        var tails = new List<int>();
        var before = new int[found.Length];
        for (var at = 0; at < found.Length; at++)
        {
            if (found[at] < 0)
            {
                continue;
            }

            var length = tails.BinarySearch(at, Comparer<int>.Create((left, right) => found[left].CompareTo(found[right])));
            length = length < 0 ? ~length : length;
            before[at] = length == 0 ? -1 : tails[length - 1];
            if (length == tails.Count)
            {
                tails.Add(at);
            }
            else
            {
                tails[length] = at;
            }
        }

        var kept = new List<int>();
        for (var at = tails.Count == 0 ? -1 : tails[^1]; at >= 0; at = before[at])
        {
            kept.Add(at);
        }

        kept.Reverse();
        var ordered = kept.ToHashSet();
        return (kept, [.. Enumerable.Range(0, found.Length).Where(at => found[at] >= 0 && !ordered.Contains(at))]);
    }
}
