using Jackpot.Shard.Contributions;

namespace Jackpot.Shard.Regions;

internal static class RegionRegistration
{
    /// <summary>Binds what this shard is and reads <c>regions/</c>. Every fault is reported at once; the process refuses to start.</summary>
    public static ShardOptions AddRegions(this WebApplicationBuilder builder)
    {
        var options = builder.Configuration.GetSection(ShardOptions.Section).Get<ShardOptions>() ?? new ShardOptions();
        var faults = options.Faults().ToList();
        if (faults.Count > 0)
        {
            throw new InvalidOperationException("The shard cannot start:\n  " + string.Join("\n  ", faults));
        }

        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(new TenantDirectory(options, builder.Configuration["JACKPOT_WALLET_URL"]));
        return options;
    }
}
