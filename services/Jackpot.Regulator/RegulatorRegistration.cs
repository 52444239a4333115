using Jackpot.Regulator.Audit;
using Jackpot.Regulator.Exports;
using Jackpot.Regulator.Records;
using Jackpot.Regulator.Replay;
using Jackpot.Regulator.Reports;
using Microsoft.Extensions.DependencyInjection;

namespace Jackpot.Regulator;

/// <summary>What a regulator reads, in a host's services beside the ledger.</summary>
internal static class RegulatorRegistration
{
    public static void AddRegulator(this IServiceCollection services) =>
        services.AddSingleton<AuditLogReader>().AddSingleton<CycleExportReader>().AddSingleton<JackpotRecordReader>()
            .AddSingleton<JackpotReplayer>().AddSingleton<ReportCatalog>();
}
