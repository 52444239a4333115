using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Jackpot.Cli.Cluster;
using Jackpot.Contracts.Audit;
using Jackpot.Contracts.Views;
using Jackpot.Core.Audit;
using Jackpot.Core.Chain;

namespace Jackpot.Cli.Audit;

/// <summary>Where a log, its seals and the key are read from.</summary>
sealed class AuditSource(HttpClient http, Uri shard)
{
    internal string Address => shard.GetLeftPart(UriPartial.Authority);

    /// <summary>The whole log, page by page.</summary>
    internal async Task<List<ChainedAuditEntry>> LogAsync(CancellationToken stop)
    {
        var log = new List<ChainedAuditEntry>();
        for (var page = await LinesAsync("v1/audit/log?after=0", stop); page.Count > 0; page = await LinesAsync($"v1/audit/log?after={Invariant(log[^1].Entry.Number)}", stop))
        {
            log.AddRange(page.Select(line => Entry(JsonSerializer.Deserialize(line, AdminJson.Default.AuditEntryView)!)));
        }

        return log;
    }

    /// <summary>All seals, page by page.</summary>
    internal async Task<List<SignedSeal>> SealsAsync(CancellationToken stop)
    {
        var seals = new List<SignedSeal>();
        for (var page = await LinesAsync("v1/audit/seals?after=0", stop); page.Count > 0; page = await LinesAsync($"v1/audit/seals?after={Invariant(seals[^1].Seal.Number)}", stop))
        {
            seals.AddRange(page.Select(line => Parse(Address, line)));
        }

        return seals;
    }

    internal async Task<ECDsa> KeyAsync(CancellationToken stop) => ReadPem(Address, await TextAsync("v1/audit/key", stop));

    /// <summary>The seals of the same shard that a copy of the store has.</summary>
    internal static List<SignedSeal> Stored(string folder, IReadOnlyList<SignedSeal> answered)
    {
        var shard = answered is [var first, ..] ? first.Seal.Shard : throw new CommandException("the shard has no seals, so that nobody knows which of the store are its own.");
        try
        {
            return [.. Directory.GetFiles(Path.Combine(folder, shard), "audit-seal-*.json").Order(StringComparer.Ordinal).Select(file => Parse(file, File.ReadAllText(file)))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"{folder}: {e.Message}");
        }
    }

    internal static ECDsa ReadKey(string file)
    {
        try
        {
            return ReadPem(file, File.ReadAllText(file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"{file}: {e.Message}");
        }
    }

    /// <summary>Has the shard compute each chain anew, and says which differ.</summary>
    internal async Task<List<string>> ReplayAsync(IEnumerable<JackpotHead> heads, CancellationToken stop)
    {
        var wrong = new List<string>();
        foreach (var head in heads.Where(head => head.Sequence > 0))
        {
            var lines = await LinesAsync($"v1/audit/jackpots/{Uri.EscapeDataString(head.JackpotId)}/replay?to={Invariant(head.Sequence)}", stop);
            var report = JsonElement.Parse(lines[^1]).GetProperty("report");
            if (!report.GetProperty("agrees").GetBoolean() || report.GetProperty("chain_head").GetString() != head.Head.ToString())
            {
                wrong.Add(string.Create(CultureInfo.InvariantCulture, $"jackpot {head.JackpotId}: its chain up to contribution {head.Sequence} is not the one that was sealed"));
            }
        }

        return wrong;
    }

    async Task<List<string>> LinesAsync(string path, CancellationToken stop) => [.. (await TextAsync(path, stop)).Split('\n', StringSplitOptions.RemoveEmptyEntries)];

    async Task<string> TextAsync(string path, CancellationToken stop)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri(shard, path), stop);
            var text = await answer.Content.ReadAsStringAsync(stop);
            return answer.IsSuccessStatusCode ? text : throw new CommandException($"{Address} answered {(int)answer.StatusCode}: {ProblemText.Detail(text)}");
        }
        catch (HttpRequestException e)
        {
            throw new CommandException($"{Address} cannot be asked: {e.Message}");
        }
    }

    static ChainedAuditEntry Entry(AuditEntryView view) => new(
        new AuditEntry(view.Number, view.AtMs, view.Component, view.Action, view.Person, view.AuthorisedBy, view.Why, view.Before, view.After),
        Hash32.Parse(view.Previous), Hash32.Parse(view.Hash));

    static SignedSeal Parse(string from, string document)
    {
        try
        {
            return SignedSeal.Parse(document);
        }
        catch (FormatException e)
        {
            throw new CommandException($"{from}: {e.Message}");
        }
    }

    static ECDsa ReadPem(string from, string pem)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            return key;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            key.Dispose();
            throw new CommandException($"{from} is no public key: {e.Message}");
        }
    }

    static string Invariant(long number) => number.ToString(CultureInfo.InvariantCulture);
}
