using System.Collections.Frozen;
using Jackpot.Ledger.Settings;
using Jackpot.Shard.Regions;
using Jackpot.Wallets.Mapping;
using Jackpot.Wallets.Operators;
using Jackpot.Wallets.Transactions;

namespace Jackpot.Shard.Payouts;

/// <summary>
/// The wallet of every tenant, each with connections, places and a breaker of its own. What is known of one stands in
/// <c>regions/&lt;region&gt;/wallets/&lt;tenant&gt;.yaml</c>; a tenant without such a file has the standard interface at its <c>wallet_url</c>.
/// </summary>
internal sealed class OperatorWallets : IDisposable
{
    const string Folder = "wallets";

    readonly FrozenDictionary<string, OperatorWallet> _wallets;

    /// <param name="tenants">Whose wallets.</param>
    /// <param name="options">Where the files are.</param>
    /// <param name="urlOverride">In place of every operator's address.</param>
    /// <param name="secrets">Reads keys; null where there are none.</param>
    /// <param name="clock">For hours, breakers and signatures.</param>
    /// <param name="handler">In place of connections, for tests.</param>
    /// <exception cref="InvalidOperationException">A file has faults; all of them are told, each with its line.</exception>
    public OperatorWallets(TenantDirectory tenants, ShardOptions options, string? urlOverride, ReadSecret? secrets, TimeProvider clock, HttpMessageHandler? handler = null)
    {
        var faults = new List<string>();
        var settings = tenants.All.Select(tenant => SettingsOf(tenant, options.RegionsPath, urlOverride, faults)).ToList();
        if (faults.Count > 0)
        {
            throw new InvalidOperationException(string.Join("; ", faults));
        }

        _wallets = settings.ToFrozenDictionary(one => one!.Tenant, one => new OperatorWallet(one!, secrets, clock, handler), StringComparer.Ordinal);
    }

    public IOperatorWallet? Find(string tenantId) => _wallets.GetValueOrDefault(tenantId);

    static OperatorSettings? SettingsOf(TenantHome tenant, string regionsPath, string? urlOverride, List<string> faults)
    {
        var path = Path.Combine(regionsPath, tenant.Region, Folder, tenant.TenantId + OperatorFile.Extension);
        if (!File.Exists(path))
        {
            return new OperatorSettings(tenant.TenantId, tenant.WalletUrl, WalletMapping.Standard) { CreditsAreIdempotent = tenant.WalletAppliesIdsOnce };
        }

        var settings = OperatorFile.Read(path, faults);
        return urlOverride is null || settings is null ? settings : settings with { BaseUrl = tenant.WalletUrl };
    }

    public void Dispose()
    {
        foreach (var wallet in _wallets.Values)
        {
            wallet.Dispose();
        }
    }
}
