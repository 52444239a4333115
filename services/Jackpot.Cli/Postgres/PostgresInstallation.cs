using Jackpot.Cli.Setup;
using Jackpot.LocalProcesses.Postgres;
using Jackpot.LocalProcesses.Programs;

namespace Jackpot.Cli.Postgres;

/// <summary>Finds PostgreSQL, or installs it from the distribution's packages when that is allowed.</summary>
static class PostgresInstallation
{
    /// <param name="dataVersion">Major version of the data that is there already; null for none.</param>
    internal static async Task<PostgresBinaries> FindOrInstallAsync(int? dataVersion, Action<string> report, CancellationToken cancellation)
    {
        if (PostgresBinaries.Find() is null)
        {
            report("installing PostgreSQL from the distribution's packages");
            if (await DistributionPackages.InstallAsync(NeededProgram.PostgreSql.Packages, cancellation) is { } reason)
            {
                throw new CommandException($"{NeededProgram.PostgreSql.Name} is not installed, and {reason}. Run: sudo {NeededProgram.PostgreSql.Advice}");
            }
        }
        var found = PostgresBinaries.Find(dataVersion);
        return found ?? throw new CommandException(dataVersion is { } version && PostgresBinaries.Find() is { } other
            ? $"the data was written by PostgreSQL {version}, but only {other.MajorVersion} is installed. Install postgresql-{version}, or choose another --run-dir."
            : $"{NeededProgram.PostgreSql.Name} is still not there after the installation. Install it by hand: {NeededProgram.PostgreSql.Advice}");
    }
}
