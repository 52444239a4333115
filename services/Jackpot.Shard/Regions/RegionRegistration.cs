using Jackpot.Ledger.Settings;
using Jackpot.Ledger.Telemetry;
using Microsoft.Extensions.Options;

namespace Jackpot.Shard.Regions;

internal static class RegionRegistration
{
    /// <summary>Binds what this shard is, and what it reads from <c>regions/</c>. The process refuses to start with every fault of its settings at once.</summary>
    public static void AddRegions(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<ShardOptions>().BindConfiguration(ShardOptions.Section).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<ShardOptions>, ShardSettings>();
        builder.Services.AddSingleton(services => services.GetRequiredService<IOptions<ShardOptions>>().Value);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(services =>
        {
            var tenants = new TenantDirectory(services.GetRequiredService<ShardOptions>(), builder.Configuration["JACKPOT_WALLET_URL"]);
            services.GetRequiredService<ShardMetrics>().Serves([.. tenants.All.Where(tenants.IsOurs).Select(tenant => (tenant.TenantId, tenant.Brand, tenant.Licence))]);
            return tenants;
        });
    }
}
