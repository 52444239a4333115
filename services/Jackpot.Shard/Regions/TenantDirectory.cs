using System.Collections.Frozen;
using Jackpot.Contracts.Regions;
using Jackpot.Core.Amounts;
using Jackpot.Core.Voids;
using Jackpot.Ledger.Settings;

namespace Jackpot.Shard.Regions;

/// <summary>Where a tenant lives and which currencies this region plays in, as read from <c>regions/</c> at start.</summary>
internal sealed class TenantDirectory
{
    const long ParityNanos = 1_000_000_000;
    const long MsPerHour = 3_600_000;

    readonly string _shard;
    readonly string _region;
    readonly FrozenDictionary<string, TenantHome> _tenants;
    readonly FrozenSet<string> _currencies;
    readonly FrozenDictionary<(string From, string To), FxRate> _rates;
    readonly int _ratesVersion;
    readonly FrozenDictionary<string, long> _holdAbove;

    public TenantDirectory(ShardOptions options, string? walletUrlOverride)
    {
        _shard = options.Id;
        _region = options.Region;
        var homes = new Dictionary<string, TenantHome>(StringComparer.Ordinal);
        var faults = new List<string>();
        var regions = RegionFile.ReadAll(options.RegionsPath, faults);
        if (faults.Count > 0)
        {
            throw new InvalidOperationException(string.Join("; ", faults));
        }

        foreach (var region in regions)
        {
            foreach (var tenant in region.Tenants)
            {
                homes.Add(tenant.TenantId, new TenantHome(
                    tenant.TenantId, region.Region, tenant.Shard, region.GatewayUrl, new Uri(walletUrlOverride ?? tenant.WalletUrl), tenant.WalletAppliesIdsOnce)
                {
                    Brand = tenant.Brand,
                    Licence = tenant.Licence,
                    Voids = VoidLimits.Default.Lowered(tenant.Voids?.HoursMax * MsPerHour, tenant.Voids?.PpmMax),
                });
            }
        }

        var own = regions.FirstOrDefault(region => region.Region == options.Region)
            ?? throw new InvalidOperationException($"Shard:Region is '{options.Region}', but the regions are {string.Join(", ", regions.Select(region => region.Region))}");
        if (!own.Shards.Contains(options.Id))
        {
            throw new InvalidOperationException(
                $"shard '{options.Id}' is not listed in region '{options.Region}' (its region.json lists: {string.Join(", ", own.Shards)})");
        }

        IsFirstOfRegion = own.Shards[0] == options.Id;
        _tenants = homes.ToFrozenDictionary(StringComparer.Ordinal);
        _currencies = own.Currencies.ToFrozenSet(StringComparer.Ordinal);
        RatesAsOf = own.Fx.AsOf;
        _ratesVersion = own.Fx.Version;
        _rates = own.Fx.Rates.ToFrozenDictionary(
            r => (r.From, r.To), r => new FxRate(Currency.Parse(r.From), Currency.Parse(r.To), r.Rate, own.Fx.Version));
        ReconcilesWallets = own.Payouts?.Reconcile == true;
        _holdAbove = HoldAbove(own).ToFrozenDictionary(limit => limit.Currency.Code, limit => limit.Micros, StringComparer.Ordinal);
    }

    /// <summary>Every tenant of every region.</summary>
    public IEnumerable<TenantHome> All => _tenants.Values;

    public TenantHome? Find(string tenantId) => _tenants.GetValueOrDefault(tenantId);

    /// <summary>Whether this is the shard of its region that answers for what belongs to no shard of it.</summary>
    public bool IsFirstOfRegion { get; }

    /// <summary>Whether wallets are asked afterwards about what they have credited.</summary>
    public bool ReconcilesWallets { get; }

    /// <summary>Whether a shard of this region serves the tenant.</summary>
    public bool IsOfRegion(TenantHome tenant) => tenant.Region == _region;

    public bool IsOurs(TenantHome tenant) => tenant.Shard == _shard;

    public bool PlaysIn(string currency) => _currencies.Contains(currency);

    /// <summary>When the region's rates were fixed; null when its file does not say.</summary>
    public DateTimeOffset? RatesAsOf { get; }

    /// <summary>The rate by which an amount of one currency is shown in another: that between the two, in whichever direction it is configured. Null when there is none.</summary>
    public FxRate? RateToShow(Currency amount, Currency wished) => amount == wished
        ? new FxRate(amount, wished, ParityNanos, _ratesVersion)
        : RateBetween(amount.Code, wished.Code) ?? RateBetween(wished.Code, amount.Code);

    /// <summary>Every rate that leads to a currency.</summary>
    public IEnumerable<FxRate> RatesTo(Currency home) => _rates.Values.Where(rate => rate.To == home).OrderBy(rate => rate.From.Code, StringComparer.Ordinal);

    /// <summary>Micro-units above which an award of the currency waits for two people; null for no limit.</summary>
    public long? HoldAboveMicros(string currency) => _holdAbove.TryGetValue(currency, out var limit) ? limit : null;

    static IReadOnlyList<Money> HoldAbove(RegionFile own)
    {
        var limits = own.Payouts?.HoldAbove ?? [];
        return limits.All(limit => limit.Micros > 0) && limits.DistinctBy(limit => limit.Currency).Count() == limits.Count
            ? limits
            : throw new InvalidOperationException($"region '{own.Region}': 'payouts.hold_above' has at most one amount for each currency, each above zero");
    }

    public FxRate? RateBetween(string from, string to) => _rates.GetValueOrDefault((from, to));
}

internal sealed record TenantHome(string TenantId, string Region, string Shard, string GatewayUrl, Uri WalletUrl, bool WalletAppliesIdsOnce)
{
    /// <summary>The name under which it plays.</summary>
    public string Brand { get; init; } = "";

    /// <summary>Under which it plays.</summary>
    public string Licence { get; init; } = "";

    /// <summary>How far its voids are taken without two people.</summary>
    public VoidLimits Voids { get; init; } = VoidLimits.Default;
}
