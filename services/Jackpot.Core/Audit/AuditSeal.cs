using System.Collections.Immutable;
using Jackpot.Core.Chain;

namespace Jackpot.Core.Audit;

/// <summary>
/// What a shard states of the next part of its audit log, signs, and hands to a store that nobody can write twice (R23): whoever changes the log
/// afterwards, and hashes its whole chain anew, is still found out. Seals are chained and gapless themselves.
/// </summary>
/// <param name="Shard">Whose log it is.</param>
/// <param name="Number">Gapless from 1.</param>
/// <param name="AtUnixMs">When it was made.</param>
/// <param name="First">Number of the first entry that it seals; the one after the last of the seal before.</param>
/// <param name="Digests"><see cref="AuditChain.Digest"/> of each entry from <paramref name="First"/> on, at most <see cref="EntriesMax"/>; none on a day without a step of staff.</param>
/// <param name="Heads">How far every jackpot's chain of contributions was, by jackpot id.</param>
/// <param name="Previous">Hash of the seal before; all zero for the first.</param>
public sealed record AuditSeal(
    string Shard, long Number, long AtUnixMs, long First, ImmutableArray<Hash32> Digests, ImmutableArray<JackpotHead> Heads, Hash32 Previous)
{
    /// <summary>Most entries of one seal, so that it fits into one message to the store.</summary>
    public const int EntriesMax = 10_000;

    const long DayMs = 24 * 60 * 60 * 1_000;

    /// <summary>Number of the first entry that it does not seal.</summary>
    public long Next => First + Digests.Length;

    /// <summary>The Merkle root of its entries; all zero when it has none.</summary>
    public Hash32 Root => Digests.IsEmpty ? default : MerkleTree.Root(Digests.ToArray());

    /// <summary>What is signed: SHA-256 over "jackpot.audit-seal.v1" and every field, the entries by their root.</summary>
    public Hash32 Hash()
    {
        using var hash = new AuditHash("jackpot.audit-seal.v1"u8);
        hash.Add(Shard).Add(Number).Add(AtUnixMs).Add(First).Add(Digests.Length).Add(Root).Add(Heads.Length);
        foreach (var head in Heads)
        {
            hash.Add(head.JackpotId).Add(head.Sequence).Add(head.Head);
        }

        return hash.Add(Previous).End();
    }

    /// <summary>Whether it is time for the next seal: a UTC day has begun since the last one, or a full seal of entries waits. An untouched log is sealed once.</summary>
    /// <param name="last">Null when nothing was sealed yet.</param>
    /// <param name="waiting">How many entries no seal holds.</param>
    /// <param name="nowUnixMs">Now.</param>
    public static bool IsDue(AuditSeal? last, long waiting, long nowUnixMs) =>
        last is null || waiting >= EntriesMax || nowUnixMs / DayMs > last.AtUnixMs / DayMs;

    /// <summary>The seal after the last one.</summary>
    /// <param name="last">Null for the first.</param>
    /// <param name="shard">Whose log it is.</param>
    /// <param name="atUnixMs">When.</param>
    /// <param name="entries">The entries after those sealed, in order, at most <see cref="EntriesMax"/>.</param>
    /// <param name="heads">Every jackpot's chain.</param>
    /// <exception cref="ArgumentException">The entries do not follow the last seal, or are too many.</exception>
    public static AuditSeal After(AuditSeal? last, string shard, long atUnixMs, IReadOnlyList<ChainedAuditEntry> entries, IEnumerable<JackpotHead> heads)
    {
        var first = last?.Next ?? 1;
        if (entries.Count > EntriesMax || entries.Where((entry, i) => entry.Entry.Number != first + i).Any())
        {
            throw new ArgumentException($"A seal holds at most {EntriesMax} entries, gapless from {first}.", nameof(entries));
        }

        return new AuditSeal(
            shard, (last?.Number ?? 0) + 1, atUnixMs, first, [.. entries.Select(entry => AuditChain.Digest(entry.Entry))],
            [.. heads.OrderBy(head => head.JackpotId, StringComparer.Ordinal)], last?.Hash() ?? default);
    }
}

/// <summary>How far the chain of a jackpot's contributions was at some moment.</summary>
public sealed record JackpotHead(string JackpotId, long Sequence, Hash32 Head);
