using System.Globalization;
using Jackpot.Cli.Cluster;
using Jackpot.Contracts.Audit;
using Jackpot.Core.Audit;

namespace Jackpot.Cli.Audit;

/// <summary>`jackpot audit verify`: compares a shard's audit log with its signed seals, and names every entry that was changed, removed, inserted or moved.</summary>
static class AuditCommand
{
    internal const string Help = """
        usage: ./jackpot audit verify [options]

        Reads the audit log of a shard, or of every shard of the local cluster, and its signed seals; checks every signature, that seals and
        entries are gapless, and that each entry says what it said when it was sealed. Names what was changed, removed, inserted or moved.

          --store DIR        seals from a copy of the store (files <shard>/audit-seal-N.json), not from the shard
          --key FILE         the public key (PEM) that must have signed; the shard's own answer proves nothing against the shard
          --replay           have the shard compute every jackpot's chain anew up to the newest seal, and compare its head
          --shard-url URL    a shard's own address, in place of the local cluster [--run-dir DIR]

        exit codes: 0 everything agrees, 1 something does not, 2 wrong usage
        """;

    internal static async Task<int> RunAsync(string[] args, CancellationToken stop)
    {
        if (args is not ["verify", ..])
        {
            throw new CommandException("say what: jackpot audit verify. ./jackpot audit --help tells more.", ExitCodes.Usage);
        }

        var arguments = Arguments.Parse(args[1..], ["--store", "--key", ShardUrls.Option, "--run-dir"], ["--replay"]);
        using var http = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        var wrong = 0;
        foreach (var shard in ShardUrls.Of(arguments))
        {
            wrong += await VerifyAsync(new AuditSource(http, shard), arguments, stop);
        }

        return wrong == 0 ? ExitCodes.Done : ExitCodes.Failed;
    }

    static async Task<int> VerifyAsync(AuditSource shard, Arguments arguments, CancellationToken stop)
    {
        var log = await shard.LogAsync(stop);
        var answered = await shard.SealsAsync(stop);
        var seals = arguments.Text("--store") is { } folder ? AuditSource.Stored(folder, answered) : answered;
        using var key = arguments.Text("--key") is { } file ? AuditSource.ReadKey(file) : await shard.KeyAsync(stop);

        var lines = new List<string>();
        lines.AddRange(seals.Where(seal => !seal.IsSignedBy(key)).Select(seal => $"seal {seal.Seal.Number}: not signed by key {SignedSeal.KeyIdOf(key)}"));
        lines.AddRange(AuditCheck.Check([.. seals.Select(seal => seal.Seal)], log).Select(Line));
        if (arguments.Has("--replay") && seals is [.., var newest])
        {
            lines.AddRange(await shard.ReplayAsync(newest.Seal.Heads, stop));
        }

        foreach (var line in lines)
        {
            await Console.Out.WriteLineAsync(line);
        }

        var ofShard = seals is [var first, ..] ? $"Shard {first.Seal.Shard}" : $"{shard.Address}";
        var sealedEntries = seals is [.., var last] ? last.Seal.Next - 1 : 0;
        await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
            $"{ofShard}: {log.Count} entries, {sealedEntries} of them under {seals.Count} seals signed by {SignedSeal.KeyIdOf(key)}. ")
            + (lines.Count == 0 ? "Log, chain, seals and signatures agree." : string.Create(CultureInfo.InvariantCulture, $"{lines.Count} findings: this is not what was sealed.")));
        return lines.Count;
    }

    static string Line(AuditFinding finding) => finding.Kind switch
    {
        AuditFindingKind.Changed => $"entry {finding.Number}: changed since it was sealed",
        AuditFindingKind.Removed => $"entry {finding.Number}: sealed, and not in the log any more",
        AuditFindingKind.Inserted => $"entry {finding.Number}: in the log among sealed entries, and never sealed",
        AuditFindingKind.Moved => $"entry {finding.Number}: sealed at this place, and stands at another",
        AuditFindingKind.ChainBroken => $"entry {finding.Number}: its hash is not what it and the entry before it give",
        AuditFindingKind.SealBroken => $"seal {finding.Number}: does not follow the seal before it",
        _ => throw new InvalidOperationException($"no words for {finding.Kind}"),
    };
}
