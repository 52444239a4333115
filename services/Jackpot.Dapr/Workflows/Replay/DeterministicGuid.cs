using System.Security.Cryptography;
using System.Text;

namespace Jackpot.Dapr.Workflows.Replay;

/// <summary>Name-based UUIDs of version 5 (RFC 9562), so that the same name always gives the same id.</summary>
internal static class DeterministicGuid
{
    static readonly Guid Namespace = new("9e952958-5e33-4daf-827f-2fa12937b875");

    public static Guid Of(string name)
    {
        Span<byte> input = stackalloc byte[16 + Encoding.UTF8.GetMaxByteCount(Math.Min(name.Length, 512))];
        Namespace.TryWriteBytes(input, bigEndian: true, out _);
        var length = 16 + Encoding.UTF8.GetBytes(name.AsSpan(0, Math.Min(name.Length, 512)), input[16..]);
#pragma warning disable CA5350 // Version 5 is defined with SHA-1; nothing is protected by it.
        var hash = SHA1.HashData(input[..length]);
#pragma warning restore CA5350
        hash[6] = (byte)((hash[6] & 0x0F) | 0x50);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash.AsSpan(0, 16), bigEndian: true);
    }
}
