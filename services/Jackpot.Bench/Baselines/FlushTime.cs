using System.Globalization;
using System.Text.RegularExpressions;
using Jackpot.LocalProcesses.Postgres;

namespace Jackpot.Bench.Baselines;

/// <summary>How long one fdatasync of 8 kB takes here: the ratios depend on it.</summary>
static partial class FlushTime
{
    [GeneratedRegex(@"fdatasync\s+[0-9.]+ ops/sec\s+(?<us>[0-9.]+) usecs/op")]
    private static partial Regex Fdatasync { get; }

    internal static async Task<double> MicrosecondsAsync(PostgresBinaries binaries, string folder)
    {
        var file = Path.Combine(folder, "flush-test");
        var output = await Tool.RunAsync(binaries.Program("pg_test_fsync"), ["-s", "1", "-f", file]);
        File.Delete(file);
        var match = Fdatasync.Match(output);
        return match.Success ? double.Parse(match.Groups["us"].Value, CultureInfo.InvariantCulture) : throw new InvalidOperationException($"pg_test_fsync named no fdatasync: {output}");
    }
}
