using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
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

    // SHA-256 over "jackpot.audit.v1", the previous hash, number and instant, then each text with its length in front.
    static Hash32 Hash(in Hash32 previous, AuditEntry entry)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha.AppendData("jackpot.audit.v1"u8);
        sha.AppendData(previous.ToArray());
        Append(sha, entry.Number);
        Append(sha, entry.AtUnixMs);
        foreach (var text in new[] { entry.Component, entry.Action, entry.StaffUser, entry.AuthorisedBy, entry.Why, entry.Before, entry.After })
        {
            var utf8 = Encoding.UTF8.GetBytes(text);
            Append(sha, utf8.Length);
            sha.AppendData(utf8);
        }

        return new Hash32(sha.GetHashAndReset());
    }

    static void Append(IncrementalHash sha, long number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, number);
        sha.AppendData(bytes);
    }
}
