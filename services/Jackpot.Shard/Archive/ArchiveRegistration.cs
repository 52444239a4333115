using Jackpot.Ledger.Archive;

namespace Jackpot.Shard.Archive;

internal static class ArchiveRegistration
{
    public static void AddArchive(this IServiceCollection services)
    {
        services.AddSingleton<ArchiveSchedule>().AddHostedService(provider => provider.GetRequiredService<ArchiveSchedule>());
        services.AddSingleton<RunArchiveSoon>(provider => provider.GetRequiredService<ArchiveSchedule>().RunNowAsync);
    }
}
