using System.Globalization;
using System.Text.Json;
using Jackpot.Cli.Cluster;

namespace Jackpot.Cli.Payouts;

/// <summary>`jackpot payouts …`: payouts that wait for people, seen and decided from a terminal.</summary>
static class PayoutsCommand
{
    internal const string Help = """
        usage: ./jackpot payouts <what> [options]

          list                     payouts that wait for people, the longest first
              --state S            held (default), requested, crediting, sharing, paid_outside, forfeited, rolled_back
              --cause C            check_failed, large_award, wallet_refused, wallet_in_doubt, wallet_forgot, bet_voided, unreadable
              --tenant T --claimed-by PERSON --age-min SECONDS --limit N
          show PAYOUT              all that happened to one, with orders and notes
          claim PAYOUT             say that you work on it; unclaim gives it back
          note PAYOUT --text T     write something down
          order PAYOUT --action A --why W
                                   ask another person for a decision: resume, reroute, not_paid, paid_outside, forfeit, roll_back
              --evidence E         where the proof lies
              --account T/P        tenant and player to pay to (reroute)
              --beneficiary B      who gets it (forfeit)
          approve ORDER            decide another person's order; reject, withdraw likewise   [--why W]

          --person ID              who acts; needed for all but list and show
          --shard-url URL          a shard's own address, in place of the local cluster [--run-dir DIR]
          --json                   what the shard answers, as it is
        """;

    static readonly string[] Filters = ["--state", "--cause", "--tenant", "--claimed-by", "--age-min", "--limit"];

    static readonly string[] Names = [.. Filters, "--text", "--action", "--why", "--evidence", "--account", "--beneficiary", "--person", "--run-dir", ShardUrls.Option];

    internal static async Task<int> RunAsync(string[] args, CancellationToken stop)
    {
        var what = args.FirstOrDefault() ?? "";
        var named = what is not ("list" or "") && args.Length > 1 && !args[1].StartsWith('-') ? args[1] : null;
        var arguments = Arguments.Parse(args.Skip(named is null ? 1 : 2).ToArray(), Names, ["--json"]);
        if (named is null && what != "list")
        {
            throw new CommandException($"say what and which, for example: jackpot payouts show payout-1. ./jackpot payouts --help lists it.", ExitCodes.Usage);
        }

        using var client = new ShardClient();
        var shards = ShardUrls.Of(arguments);
        switch (what)
        {
            case "list":
                foreach (var shard in shards)
                {
                    var page = await client.SendAsync(HttpMethod.Get, new Uri(shard, "/v1/admin/payouts" + Query(arguments)), null, null, stop);
                    await PrintAsync(page!.Value, arguments, PayoutTexts.List);
                }

                return ExitCodes.Done;
            case "show":
                return await EachAsync(shards, shard => client.SendAsync(HttpMethod.Get, One(shard, named!), null, null, stop), named!, arguments, PayoutTexts.Story);
            case "claim" or "unclaim":
                return await EachAsync(shards, shard => client.SendAsync(HttpMethod.Post, One(shard, named!, what), Person(arguments), null, stop), named!, arguments, PayoutTexts.Story);
            case "note":
                var note = JsonSerializer.Serialize(new Dictionary<string, string> { ["text"] = Needed(arguments, "--text") });
                return await EachAsync(shards, shard => client.SendAsync(HttpMethod.Post, One(shard, named!, "notes"), Person(arguments), note, stop), named!, arguments, PayoutTexts.Story);
            case "order":
                return await EachAsync(
                    shards, shard => client.SendAsync(HttpMethod.Post, One(shard, named!, "orders"), Person(arguments), Order(arguments), stop), named!, arguments, PayoutTexts.Order);
            case "approve" or "reject" or "withdraw":
                if (shards.Count > 1)
                {
                    throw new CommandException($"every shard counts its own orders: name the shard with {ShardUrls.Option}. Known: {string.Join(' ', shards)}", ExitCodes.Usage);
                }

                var why = arguments.Text("--why") is { } reason ? JsonSerializer.Serialize(new Dictionary<string, string> { ["why"] = reason }) : null;
                var step = new Uri(shards[0], $"/v1/admin/payout-orders/{Uri.EscapeDataString(named!)}/{what}");
                return await EachAsync(shards, _ => client.SendAsync(HttpMethod.Post, step, Person(arguments), why, stop), named!, arguments, PayoutTexts.Order);
            default:
                throw new CommandException($"payouts cannot be asked to '{what}'. ./jackpot payouts --help lists what they can.", ExitCodes.Usage);
        }
    }

    /// <summary>Asks one shard after the other until one knows the name.</summary>
    static async Task<int> EachAsync(
        IReadOnlyList<Uri> shards, Func<Uri, Task<JsonElement?>> ask, string name, Arguments arguments, Func<JsonElement, string> text)
    {
        foreach (var shard in shards)
        {
            if (await ask(shard) is { } answer)
            {
                await PrintAsync(answer, arguments, text);
                return ExitCodes.Done;
            }
        }

        throw new CommandException($"no shard that was asked has {name}.");
    }

    static Task PrintAsync(JsonElement answer, Arguments arguments, Func<JsonElement, string> text) =>
        Console.Out.WriteLineAsync(arguments.Has("--json") ? answer.GetRawText() : text(answer));

    static Uri One(Uri shard, string payout, string? step = null) => new(shard, $"/v1/admin/payouts/{Uri.EscapeDataString(payout)}{(step is null ? "" : "/" + step)}");

    static string Query(Arguments arguments)
    {
        var given = Filters.Where(name => arguments.Text(name) is not null)
            .Select(name => $"{name[2..].Replace('-', '_')}={Uri.EscapeDataString(arguments.Text(name)!)}");
        return string.Create(CultureInfo.InvariantCulture, $"?{string.Join('&', given)}");
    }

    static string Order(Arguments arguments)
    {
        var order = new Dictionary<string, object?>
        {
            ["action"] = Needed(arguments, "--action"),
            ["why"] = Needed(arguments, "--why"),
            ["evidence"] = arguments.Text("--evidence"),
            ["beneficiary"] = arguments.Text("--beneficiary"),
        };
        if (arguments.Text("--account") is { } account)
        {
            var slash = account.IndexOf('/', StringComparison.Ordinal);
            order["account"] = slash > 0
                ? new Dictionary<string, string> { ["tenant_id"] = account[..slash], ["player_id"] = account[(slash + 1)..] }
                : throw new CommandException($"--account is '{account}'; it must be TENANT/PLAYER.", ExitCodes.Usage);
        }

        return JsonSerializer.Serialize(order);
    }

    static string Person(Arguments arguments) => Needed(arguments, "--person");

    static string Needed(Arguments arguments, string name) => arguments.Text(name) ?? throw new CommandException($"{name} is missing.", ExitCodes.Usage);
}
