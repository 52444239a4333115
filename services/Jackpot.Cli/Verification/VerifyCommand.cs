using System.Globalization;
using Jackpot.Contracts.Exports;
using Jackpot.Core.Verification;

namespace Jackpot.Cli.Verification;

/// <summary>`jackpot verify`: recomputes a dropped cycle from its export, offline.</summary>
static class VerifyCommand
{
    const string Usage = "say which file: jackpot verify <export.jsonl> (or - for standard input); a shard exports a dropped cycle at /v1/audit/pools/<pool>/cycles/<n>/export";

    internal static async Task<int> RunAsync(string[] args)
    {
        if (args.Length != 1 || (args[0].StartsWith('-') && args[0] != "-"))
        {
            throw new CommandException(Usage, ExitCodes.Usage);
        }

        var export = Read(args[0]);
        var findings = CycleVerifier.Verify(export);
        foreach (var finding in findings)
        {
            var place = finding.Sequence is { } sequence ? string.Create(CultureInfo.InvariantCulture, $" at {sequence}") : "";
            await Console.Out.WriteLineAsync($"{finding.Kind}{place}: {finding.Message}");
        }

        await Console.Out.WriteLineAsync(Summary(export, findings.Length));
        return findings.IsEmpty ? ExitCodes.Done : ExitCodes.Failed;
    }

    static CycleExport Read(string path)
    {
        try
        {
            using var input = path == "-" ? Console.In : File.OpenText(path);
            return CycleExportFile.Read(input);
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"{path}: {e.Message}");
        }
    }

    static string Summary(CycleExport export, int findings)
    {
        var contributions = export.Batches.Sum(batch => batch.Count);
        var what = $"Cycle {export.Cycle} of pool {export.Pool}: {contributions} contributions in {export.Batches.Length} batches";
        return findings == 0
            ? $"{what}. Commitment, hash chain, every draw, the award and the balances agree."
            : $"{what}. {findings} findings: this is not what the rules give.";
    }
}
