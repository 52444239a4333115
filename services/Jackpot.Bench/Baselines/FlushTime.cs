using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Jackpot.LocalProcesses.Postgres;

namespace Jackpot.Bench.Baselines;

/// <summary>How long one fdatasync of 8 kB takes here: the ratios depend on it.</summary>
static partial class FlushTime
{
    [GeneratedRegex(@"fdatasync\s+[0-9.]+ ops/sec\s+(?<us>[0-9.]+) usecs/op")]
    private static partial Regex Fdatasync { get; }

    /// <summary>Microseconds. The tool goes on to other methods of flushing; nobody waits for those.</summary>
    internal static async Task<double> MicrosecondsAsync(PostgresBinaries binaries, string folder)
    {
        var file = Path.Combine(folder, $"flush-test-{Environment.ProcessId}");
        using var process = Process.Start(new ProcessStartInfo(binaries.Program("pg_test_fsync"), ["-s", "1", "-f", file]) { RedirectStandardOutput = true })!;
        try
        {
            while (await process.StandardOutput.ReadLineAsync() is { } line)
            {
                if (Fdatasync.Match(line) is { Success: true } match)
                {
                    return double.Parse(match.Groups["us"].Value, CultureInfo.InvariantCulture);
                }
            }
            throw new InvalidOperationException("pg_test_fsync named no fdatasync.");
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
            File.Delete(file);
        }
    }
}
