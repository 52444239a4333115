using System.Security.Cryptography;
using Jackpot.Shard.Audit;

namespace Jackpot.Shard.Tests.Audit;

/// <summary>A store of seals that is there, or away, as a test wants.</summary>
internal sealed class MemoryAuditStore : AuditStore, IDisposable
{
    readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public SortedDictionary<string, string> Documents { get; } = new(StringComparer.Ordinal);

    public bool Away { get; set; }

    public bool KeyIsAway { get; init; }

    public override Task<ECDsa> KeyAsync(CancellationToken ct) => KeyIsAway ? throw new Dapr.DaprException("away") : Task.FromResult(ECDsa.Create(_key.ExportParameters(includePrivateParameters: true)));

    public override Task CreateAsync(string name, string document, CancellationToken ct)
    {
        if (Away)
        {
            throw new HttpRequestException("away");
        }

        Documents[name] = document;
        return Task.CompletedTask;
    }

    public void Dispose() => _key.Dispose();
}
