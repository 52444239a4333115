using System.Collections.Immutable;
using Jackpot.Core.Chain;

namespace Jackpot.Core.Audit;

/// <summary>The audit log as a hash chain: whoever changes, removes or inserts an entry must change every later one.</summary>
public static class AuditChain
{
    /// <summary>Puts an entry after the last one; null for the very first.</summary>
    /// <exception cref="ArgumentException">The number does not follow, or staff user, action or reason is missing.</exception>
    public static ChainedAuditEntry Append(ChainedAuditEntry? last, AuditEntry entry)
    {
        if (entry.Number != (last?.Entry.Number ?? 0) + 1)
        {
            throw new ArgumentException($"Entry {entry.Number} does not follow entry {last?.Entry.Number ?? 0}.", nameof(entry));
        }

        if (string.IsNullOrWhiteSpace(entry.StaffUser) || string.IsNullOrWhiteSpace(entry.Action) || string.IsNullOrWhiteSpace(entry.Why))
        {
            throw new ArgumentException("An audit entry names a staff user, an action and a reason.", nameof(entry));
        }

        var previous = last?.Hash ?? default;
        return new ChainedAuditEntry(entry, previous, Hash(previous, entry));
    }

    /// <summary>The numbers of all entries that are not what their neighbours say; empty when the log is whole.</summary>
    /// <param name="log">In order.</param>
    /// <param name="last">The entry before these, when they are a later part of the log; null when they begin it.</param>
    public static ImmutableArray<long> Broken(IEnumerable<ChainedAuditEntry> log, ChainedAuditEntry? last = null)
    {
        var broken = ImmutableArray.CreateBuilder<long>();
        var (number, previous) = (last?.Entry.Number ?? 0, last?.Hash ?? default);
        foreach (var (entry, claimedPrevious, hash) in log)
        {
            if (entry.Number != number + 1 || claimedPrevious != previous || hash != Hash(claimedPrevious, entry))
            {
                broken.Add(entry.Number);
            }

            (number, previous) = (entry.Number, hash);
        }

        return broken.ToImmutable();
    }

    /// <summary>
    /// What an entry says, whatever its place: SHA-256 over "jackpot.audit-entry.v1", its instant and its texts. By it a seal knows an entry again
    /// that was given another number, or that stands in a chain which somebody hashed anew.
    /// </summary>
    public static Hash32 Digest(AuditEntry entry)
    {
        using var hash = new AuditHash("jackpot.audit-entry.v1"u8);
        return hash.AddContent(entry).End();
    }

    // SHA-256 over "jackpot.audit.v1", the previous hash, number and instant, then each text with its length in front.
    static Hash32 Hash(in Hash32 previous, AuditEntry entry)
    {
        using var hash = new AuditHash("jackpot.audit.v1"u8);
        return hash.Add(previous).Add(entry.Number).AddContent(entry).End();
    }
}
