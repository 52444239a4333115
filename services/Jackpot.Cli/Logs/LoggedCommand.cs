using System.Diagnostics;

namespace Jackpot.Cli.Logs;

/// <summary>A start description whose output is appended to a file by the program itself, so that it outlives whoever started it.</summary>
static class LoggedCommand
{
    internal static ProcessStartInfo Create(string logFile, IEnumerable<string> command, IReadOnlyDictionary<string, string>? environment = null)
    {
        // bash, because other shells drop environment variables with a dash in their name, and shard ids have one.
        // exec: the pid that is supervised and killed is the program's own, not a shell's.
        var start = new ProcessStartInfo("bash", ["-c", "log=$1; shift; exec \"$@\" >>\"$log\" 2>&1 </dev/null", "bash", logFile, .. command]);
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }
        return start;
    }
}
