using System.Collections.Concurrent;
using System.Diagnostics;

namespace DotnetSdk.Running;

/// <summary>Proves the checks, prints one line for each and a summary, and answers the exit code.</summary>
static class Proof
{
    const int AtOnce = 8;
    static readonly TimeSpan CheckTimeMax = TimeSpan.FromSeconds(60);

    public static async Task<int> RunAsync(Bench bench, IReadOnlyList<Check> checks)
    {
        if (!await bench.ConnectAsync())
        {
            await Console.Error.WriteLineAsync($"The sidecar on port {bench.Settings.HttpPort} does not serve this application: health, actors and workflows must come up.");
            return 2;
        }
        var results = new ConcurrentBag<(Check Check, string Word)>();
        await Parallel.ForEachAsync(checks, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (check, _) => results.Add((check, await ProveAsync(bench, check))));
        var failed = results.Where(result => result.Word == "FAIL").Select(result => result.Check.ToString()).Order(StringComparer.Ordinal).ToList();
        failed.ForEach(name => Console.WriteLine($"FAIL {name}"));
        Console.WriteLine($"{results.Count(result => result.Word == "pass")} passed, {failed.Count} failed, {results.Count(result => result.Word == "skip")} skipped");
        return failed.Count == 0 ? 0 : 1;
    }

    static async Task<string> ProveAsync(Bench bench, Check check)
    {
        var clock = Stopwatch.StartNew();
        var (word, reason) = ("pass", "");
        try
        {
            await check.Prove(bench).WaitAsync(CheckTimeMax);
        }
        catch (SkipCheck skip)
        {
            (word, reason) = ("skip", skip.Message);
        }
#pragma warning disable CA1031 // Whatever a check throws is its failure; the others go on.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            (word, reason) = ("FAIL", failure is CheckFailure ? failure.Message : failure.ToString());
        }
        Console.WriteLine($"{word} {check} ({clock.ElapsedMilliseconds} ms){(reason.Length > 0 ? "\n     " + reason : "")}");
        return word;
    }
}
