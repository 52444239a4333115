using Jackpot.Ledger.Jackpots;
using Jackpot.Shard.Sidecar;

namespace Jackpot.Shard.Jackpots;

internal static class JackpotRegistration
{
    public static void AddJackpots(this WebApplicationBuilder builder)
    {
        builder.Services.AddDaprClient();
        builder.Services.AddSingleton(SidecarGrpc.Of(builder.Configuration)).AddSingleton<SidecarJobs>();
        builder.Services.AddSingleton<SealingKey>();
        builder.Services.AddSingleton(services => new CycleVault(services.GetRequiredService<SealingKey>().Bytes));
        builder.Services.AddSingleton<JackpotCreation>().AddSingleton<JackpotQueries>().AddSingleton<AwardQueries>();
        builder.Services.AddSingleton<ReadEndpoints>().AddSingleton<AdminEndpoints>().AddSingleton<AwardEndpoints>().AddSingleton<DisplayedPools>();
    }
}
