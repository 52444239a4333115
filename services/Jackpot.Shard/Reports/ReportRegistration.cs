namespace Jackpot.Shard.Reports;

internal static class ReportRegistration
{
    public static void AddReports(this IServiceCollection services) =>
        services.AddSingleton<ReportStore>().AddSingleton<ReportEndpoints>();
}
