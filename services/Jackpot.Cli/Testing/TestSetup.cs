using Jackpot.Cli.Setup;
using Jackpot.LocalProcesses.Programs;

namespace Jackpot.Cli.Testing;

/// <summary>Finds what the tests start, installs what may be installed, and says what stays missing.</summary>
static class TestSetup
{
    /// <summary>Tests ask for themselves whether a program is there; what is said here only spares a reader the search for the reason.</summary>
    internal static async Task PrepareAsync(IReadOnlyList<NeededProgram> needed, bool install, CancellationToken stop)
    {
        var missing = Missing(needed);
        var reason = install ? null : "--no-install was given";
        var packages = missing.SelectMany(program => program.Packages).ToArray();
        if (install && packages.Length > 0)
        {
            Console.WriteLine($"Installing {string.Join(' ', packages)} ...");
            reason = await DistributionPackages.InstallAsync(packages, stop);
            missing = Missing(needed);
        }
        foreach (var program in missing)
        {
            var why = program.Packages.Count > 0 && reason is not null ? $"; {reason}" : "";
            Console.WriteLine($"Missing: {program.MissingText}{why}. What needs it is skipped.");
        }
    }

    static List<NeededProgram> Missing(IReadOnlyList<NeededProgram> needed) => [.. needed.Where(program => !program.IsThere())];
}
