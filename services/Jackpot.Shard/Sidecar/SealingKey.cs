using Dapr.Client;
using Jackpot.Ledger.Jackpots;

namespace Jackpot.Shard.Sidecar;

/// <summary>The key that seals cycle secrets, read once from the Dapr secret store before the port opens.</summary>
internal sealed class SealingKey
{
    /// <summary>The one place that names the secret store.</summary>
    public const string SecretStore = "secrets";

    const string SecretName = "draw-sealing-key";

    byte[]? _key;

    public ReadOnlySpan<byte> Bytes => _key ?? throw new InvalidOperationException("The sealing key was used before it was loaded.");

    public async Task LoadAsync(DaprClient dapr, CancellationToken ct)
    {
        var secret = await dapr.GetSecretAsync(SecretStore, SecretName, cancellationToken: ct);
        if (!secret.TryGetValue(SecretName, out var hex))
        {
            throw new InvalidOperationException($"secret store '{SecretStore}' has no '{SecretName}'");
        }

        var key = new byte[CycleVault.KeyBytes];
        if (hex.Length != 2 * key.Length || Convert.FromHexString(hex, key, out _, out _) != System.Buffers.OperationStatus.Done)
        {
            throw new InvalidOperationException($"secret '{SecretName}' must be {2 * key.Length} hexadecimal characters");
        }

        _key = key;
    }
}
