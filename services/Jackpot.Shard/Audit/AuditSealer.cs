using System.Security.Cryptography;
using System.Text;
using Dapr.Client;
using Jackpot.Contracts.Audit;
using Jackpot.Contracts.Signing;
using Jackpot.Ledger.Audit;
using Jackpot.Ledger.Leadership;
using Jackpot.Ledger.Loops;
using Jackpot.Ledger.Settings;
using Jackpot.Shard.Sidecar;

namespace Jackpot.Shard.Audit;

/// <summary>
/// Seals the audit log once a day, signs the seals and hands them to the store: in production an object store whose
/// objects nobody can change or delete, so that not even whoever owns the database can write the log anew.
/// </summary>
internal sealed class AuditSealer(AuditSeals seals, AuditStore store, LeaderElection election, ShardOptions shard, LoopTools tools)
    : HostedLoop(new LoopPlan("audit-seals", LookInterval, "the audit log may not be sealed"), tools)
{
    static readonly TimeSpan LookInterval = TimeSpan.FromMinutes(5);

    protected override Task PassAsync(CancellationToken ct) => RunAsync(ct);

    /// <summary>Makes the seals that are due and stores those that are not stored; nothing when another replica is at it. A seal may be stored twice, as the same bytes.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        await using var leader = await election.TryLeadAsync(LeaderRole.AuditSeals, ct);
        if (leader is null)
        {
            return;
        }

        using var key = await store.KeyAsync(ct);
        await seals.SealAsync(leader.Connection, shard.Id, seal => SignedSeal.Sign(seal, key), ct);
        for (var page = await AuditSeals.ToStoreAsync(leader.Connection, ct); page.Count > 0; page = await AuditSeals.ToStoreAsync(leader.Connection, ct))
        {
            foreach (var (number, document) in page)
            {
                await store.CreateAsync($"{shard.Id}/audit-seal-{number:D8}.json", document, ct);
                await seals.StoredAsync(leader.Connection, number, ct);
            }
        }
    }
}

/// <summary>Where seals go, and the key that signs them: both are components of the sidecar.</summary>
internal abstract class AuditStore
{
    /// <summary>The private key; whoever asks disposes of it.</summary>
    public abstract Task<ECDsa> KeyAsync(CancellationToken ct);

    /// <summary>Stores a document under a name; a second time changes nothing.</summary>
    public abstract Task CreateAsync(string name, string document, CancellationToken ct);
}

/// <inheritdoc />
internal sealed class SidecarAuditStore(DaprClient dapr) : AuditStore
{
    /// <summary>The output binding.</summary>
    const string Binding = "audit-store";

    const string SecretName = "audit-signing-key";

    /// <exception cref="InvalidOperationException">The secret store has no such key.</exception>
    /// <exception cref="FormatException">What it has is no private key on P-256 (PKCS #8, base64).</exception>
    public override async Task<ECDsa> KeyAsync(CancellationToken ct)
    {
        var secret = await dapr.GetSecretAsync(SealingKey.SecretStore, SecretName, cancellationToken: ct);
        return SigningSecret.Read(SecretName, secret.TryGetValue(SecretName, out var base64) ? base64 : throw new InvalidOperationException($"secret store '{SealingKey.SecretStore}' has no '{SecretName}'"));
    }

    // Files are named by one field and objects by another; a store reads its own.
    public override Task CreateAsync(string name, string document, CancellationToken ct) => dapr.InvokeBindingAsync(
        new BindingRequest(Binding, "create") { Data = Encoding.UTF8.GetBytes(document), Metadata = { ["fileName"] = name, ["key"] = name } }, ct);
}
