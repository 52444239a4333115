using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Jackpot.Core.Chain;

namespace Jackpot.Core.Audit;

/// <summary>The encoding of what is hashed of the audit log: a domain, then numbers of eight bytes, hashes, and texts with their length in front.</summary>
sealed class AuditHash : IDisposable
{
    readonly IncrementalHash _sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public AuditHash(ReadOnlySpan<byte> domain) => _sha.AppendData(domain);

    public AuditHash Add(in Hash32 hash)
    {
        _sha.AppendData(hash.ToArray());
        return this;
    }

    public AuditHash Add(long number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, number);
        _sha.AppendData(bytes);
        return this;
    }

    public AuditHash Add(string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        Add(utf8.Length);
        _sha.AppendData(utf8);
        return this;
    }

    /// <summary>All that staff see of an entry but its number.</summary>
    public AuditHash AddContent(AuditEntry entry)
    {
        Add(entry.AtUnixMs);
        return Add(entry.Component).Add(entry.Action).Add(entry.StaffUser).Add(entry.AuthorisedBy).Add(entry.Why).Add(entry.Before).Add(entry.After);
    }

    public Hash32 End() => new(_sha.GetHashAndReset());

    public void Dispose() => _sha.Dispose();
}
