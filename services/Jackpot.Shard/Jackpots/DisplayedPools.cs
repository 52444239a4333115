using Jackpot.Contracts.Views;
using Jackpot.Core.Amounts;
using Jackpot.Shard.Problems;
using Jackpot.Shard.Regions;

namespace Jackpot.Shard.Jackpots;

/// <summary>Shows pools in the currency that a caller wishes for, beside what is stored.</summary>
internal sealed class DisplayedPools(TenantDirectory tenants)
{
    const string Parameter = "display";

    /// <summary>The pools as asked for, or null after the refusal was written: a currency that nobody knows, or that no rate leads to.</summary>
    public async ValueTask<List<PoolView>?> ShowAsync(HttpContext http, List<PoolView> pools)
    {
        if (http.Request.Query[Parameter].FirstOrDefault() is not { } code)
        {
            return pools;
        }

        if (!Currency.TryParse(code, out var wished))
        {
            await Problem.WriteAsync(http, Refusal.CurrencyUnknown, $"'{Parameter}' is not an ISO 4217 code such as EUR");
            return null;
        }

        if (pools.Find(pool => tenants.RateToShow(pool.Amount.Currency, wished) is null) is { } without)
        {
            await Problem.WriteAsync(http, Refusal.CurrencyWithoutRate, $"no rate between {without.Amount.Currency} and {wished} is configured; leave '{Parameter}' out, or ask for the pools of one 'currency'");
            return null;
        }

        return pools.ConvertAll(pool => pool with { Display = Shown(pool.Amount, tenants.RateToShow(pool.Amount.Currency, wished)!) });
    }

    DisplayView? Shown(Money amount, FxRate rate) => DisplayRules.Shown(amount, rate) is { } shown
        ? new DisplayView(shown, new RateView(rate.From.Code, rate.To.Code, rate.RateNanos), rate.Version, tenants.RatesAsOf)
        : null;
}
