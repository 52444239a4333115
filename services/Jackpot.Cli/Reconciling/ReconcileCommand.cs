using System.Globalization;
using System.Text.Json;
using Jackpot.Cli.Cluster;
using Jackpot.Contracts.Views;
using Jackpot.Core.Payouts;
using Jackpot.Wallets.Reconciliation;

namespace Jackpot.Cli.Reconciling;

/// <summary>`jackpot reconcile`: an operator's own list of a day's credits against the shards' payouts.</summary>
static class ReconcileCommand
{
    internal const string Help = """
        usage: ./jackpot reconcile --tenant T --day D --person ID [options] FILE

          Compares the operator's own list of what it credited on a day, a CSV file whose first line names its columns (- is standard input),
          with what is credited here, and names every difference:
            missing        credited here, not in the list          other_amount   both have it, with another amount or currency
            doubled        in the list more than once              other_player   both have it, for another player
            not_credited   in the list, but not credited here      unknown        in the list, and never heard of here
          Let the list reach an hour over both ends of the day, with a column for the time: what was credited in its first and last seconds is
          else named as missing.

          --tenant T --day D        whose list, and of which day (2026-11-30)
          --zone Z                  where that is a day (UTC), for example Europe/Malta
          --person ID               the staff id of who asks
          --columns A=B,…           what the list calls transaction_id, player_id, amount, currency, at
          --currency C              of all lines, where there is no column for it
          --amounts F               number (12.50, default), minor (1250) or micro (12500000)
          --separator S --decimal P between fields (, or tab), between units and decimals (.)
          --only COLUMN=VALUE       lines that count, for lists of more than jackpots' credits
          --json                    the differences for a machine
          --shard-url URL[,URL]     shards' own addresses, all of the region, in place of the local cluster [--run-dir DIR]

        exit codes: 0 nothing differs, 1 something differs or could not be read, 2 wrong usage, 130 interrupted
        """;

    /// <summary>How far beyond the day lines and our credits may lie: what clocks differ by, and what a credit in doubt takes.</summary>
    static readonly TimeSpan Margin = TimeSpan.FromHours(1);

    /// <summary>Payouts that a shard is asked for by id at once.</summary>
    const int IdsMax = 50;

    const string IdPrefix = "payout-";

    internal static async Task<int> RunAsync(string[] args, CancellationToken stop)
    {
        var options = ReconcileOptions.Parse(args);
        var list = await ReadListAsync(options, stop);
        using var client = new ShardClient();
        var shards = ShardUrls.Of(options.Arguments);
        var own = await OwnAsync(client, shards, options, stop);
        await AddUnknownAsync(client, shards, options, list, own, stop);
        var result = CreditComparison.Compare(own.Values, list.Credits, options.From, options.Until);
        await Console.Out.WriteLineAsync(options.Arguments.Has("--json") ? ReconcileTexts.Json(options, list, result) : ReconcileTexts.Text(options, list, result));
        return result.Differences.IsEmpty ? ExitCodes.Done : ExitCodes.Failed;
    }

    static async Task<CreditList> ReadListAsync(ReconcileOptions options, CancellationToken stop)
    {
        var faults = new List<string>();
        try
        {
            using var text = options.File == "-" ? Console.In : new StreamReader(options.File);
            return await Task.Run(() => CreditList.Read(text, options.Format, options.From - Margin, options.Until + Margin, faults), stop)
                ?? throw new CommandException(string.Join(Environment.NewLine, faults.Select(fault => $"{options.File}: {fault}")));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"{options.File} cannot be read: {fault.Message}");
        }
    }

    /// <summary>By payout: one that moves while the pages are read may stand on two of them, and counts as it was last.</summary>
    static async Task<Dictionary<string, OwnCredit>> OwnAsync(ShardClient client, IReadOnlyList<Uri> shards, ReconcileOptions options, CancellationToken stop)
    {
        var own = new Dictionary<string, OwnCredit>(StringComparer.Ordinal);
        var query = $"?tenant={Uri.EscapeDataString(options.Tenant)}&from={Instant(options.From - Margin)}&until={Instant(options.Until + Margin)}";
        foreach (var shard in shards)
        {
            for (var after = ""; after is not null;)
            {
                after = await AddAsync(client, new Uri(shard, $"/v1/admin/wallet-credits{query}{(after.Length == 0 ? "" : "&after=" + Uri.EscapeDataString(after))}"), options, own, stop);
            }
        }

        return own;
    }

    /// <summary>What the list has and the day does not: a credit that was found out about much later, or one that ended in another way.</summary>
    static async Task AddUnknownAsync(
        ShardClient client, IReadOnlyList<Uri> shards, ReconcileOptions options, CreditList list, Dictionary<string, OwnCredit> own, CancellationToken stop)
    {
        var known = own.Values.Select(credit => credit.TransactionId).ToHashSet(StringComparer.Ordinal);
        var unknown = list.Credits.Select(line => line.TransactionId).Where(id => !known.Contains(id) && id.StartsWith(IdPrefix, StringComparison.Ordinal)).Distinct();
        foreach (var ids in unknown.Chunk(IdsMax))
        {
            foreach (var shard in shards)
            {
                var query = $"?tenant={Uri.EscapeDataString(options.Tenant)}&payouts={string.Join(',', ids.Select(Uri.EscapeDataString))}";
                await AddAsync(client, new Uri(shard, "/v1/admin/wallet-credits" + query), options, own, stop);
            }
        }
    }

    static async Task<string?> AddAsync(ShardClient client, Uri address, ReconcileOptions options, Dictionary<string, OwnCredit> own, CancellationToken stop)
    {
        var page = await client.SendAsync(HttpMethod.Get, address, options.StaffId, null, stop)
            ?? throw new CommandException($"{address.GetLeftPart(UriPartial.Authority)} is no shard of this version: it has no {address.AbsolutePath}.");
        var read = page.Deserialize(PayoutJson.Default.WalletCreditList)!;
        foreach (var credit in read.Credits)
        {
            own[credit.PayoutId] = new OwnCredit(
                credit.PayoutId, credit.TransactionId, credit.PlayerId, credit.Amount, ReconcileTexts.StateOf(credit.State), credit.SentAt, credit.ChangedAt);
        }

        return read.After;
    }

    static string Instant(DateTimeOffset at) => Uri.EscapeDataString(at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture));
}
