using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Jackpot.Cli.Cluster;
using Jackpot.Contracts.Views;

namespace Jackpot.Cli.Rejected;

/// <summary>`jackpot rejected`: what nobody could take off a stream, listed, shown, sent again or given up at the shards' admin endpoints.</summary>
static class RejectedCommand
{
    internal const string Help = """
        usage: ./jackpot rejected <list|show|retry|drop> [options]

          list          what is kept, oldest first, of every shard
              --state S             waiting (default), retried, dropped, or all
              --topic T --tenant T --reason R
          show ID       one message with its body              --person ID
          retry ID      sends it again                         --person ID --why TEXT
              --body FILE           sends this JSON in place of what came; - reads it from standard input
          drop ID       gives it up                            --person ID --why TEXT

          --person ID       the staff id that the audit log keeps
          --shard-url URL   one shard's own address, in place of the local cluster [--run-dir DIR]; ids are a shard's own, so all but list need
                            it where there are several shards

        exit codes: 0 done, 1 failed (a retry that was refused again, too), 2 wrong usage, 130 interrupted
        """;

    static readonly string[] Place = [ShardUrls.Option, "--run-dir"];

    internal static async Task<int> RunAsync(string[] args, CancellationToken stop)
    {
        using var client = new ShardClient();
        var rest = args.Skip(2).ToArray();
        switch (args)
        {
            case ["list", ..]:
                await ListAsync(client, Arguments.Parse(args[1..], ["--state", "--topic", "--tenant", "--reason", .. Place], []), stop);
                return ExitCodes.Done;
            case ["show", { } id, ..]:
                await ShowAsync(client, Id(id), Arguments.Parse(rest, ["--person", .. Place], []), stop);
                return ExitCodes.Done;
            case ["retry", { } id, ..]:
                await StepAsync(client, Id(id), "retry", Arguments.Parse(rest, ["--person", "--why", "--body", .. Place], []), stop);
                return ExitCodes.Done;
            case ["drop", { } id, ..]:
                await StepAsync(client, Id(id), "drop", Arguments.Parse(rest, ["--person", "--why", .. Place], []), stop);
                return ExitCodes.Done;
            default:
                throw new CommandException("say what to do: jackpot rejected list, show ID, retry ID or drop ID. jackpot rejected --help tells more.", ExitCodes.Usage);
        }
    }

    static async Task ListAsync(ShardClient client, Arguments arguments, CancellationToken stop)
    {
        var state = arguments.Text("--state") ?? "waiting";
        string?[] filters = [state == "all" ? null : $"state={state}", Filter("topic"), Filter("tenant"), Filter("reason")];
        foreach (var shard in ShardUrls.Of(arguments))
        {
            for (long? after = 0; after is not null;)
            {
                var query = string.Join('&', filters.OfType<string>().Append(string.Create(CultureInfo.InvariantCulture, $"after={after}")));
                var page = Read(await client.SendAsync(HttpMethod.Get, new Uri(shard, "v1/admin/rejected?" + query), null, null, stop), RejectedJson.Default.RejectedList, shard);
                foreach (var message in page.Rejected)
                {
                    await Console.Out.WriteLineAsync(Line(shard, message));
                }

                after = page.Next;
            }
        }

        string? Filter(string name) => arguments.Text("--" + name) is { } text ? $"{name}={Uri.EscapeDataString(text)}" : null;
    }

    internal static string Line(Uri shard, RejectedView message) => string.Create(CultureInfo.InvariantCulture,
        $"{shard.GetLeftPart(UriPartial.Authority)} {message.Id} {message.State} {message.Topic} {message.TenantId ?? "-"} {message.Reason} {message.ReceivedAt:yyyy-MM-ddTHH:mm:ssZ} seen {message.Seen} tried {message.Attempts}: {message.Detail}");

    static async Task ShowAsync(ShardClient client, long id, Arguments arguments, CancellationToken stop)
    {
        var shard = OneShard(arguments);
        var shown = Read(await client.SendAsync(HttpMethod.Get, One(shard, $"{id}"), Person(arguments), null, stop), RejectedJson.Default.RejectedShown, shard);
        await Console.Error.WriteLineAsync(Line(shard, shown.Message));
        await Console.Out.WriteLineAsync(shown.Body?.GetRawText() ?? System.Text.Encoding.UTF8.GetString(shown.BodyBase64 ?? []));
        if (shown.MendedBody is { } mended)
        {
            await Console.Error.WriteLineAsync("mended:");
            await Console.Out.WriteLineAsync(mended.GetRawText());
        }
    }

    static async Task StepAsync(ShardClient client, long id, string step, Arguments arguments, CancellationToken stop)
    {
        var why = arguments.Text("--why") ?? throw new CommandException("say why with --why TEXT; the audit log keeps it.", ExitCodes.Usage);
        var shard = OneShard(arguments);
        var body = JsonSerializer.Serialize(new RetryBody(why, arguments.Text("--body") is { } file ? await BodyAsync(file, stop) : null), RejectedJson.Default.RetryBody);
        var answer = await client.SendAsync(HttpMethod.Post, One(shard, $"{id}/{step}"), Person(arguments), body, stop);
        await Console.Out.WriteLineAsync(Line(shard, Read(answer, RejectedJson.Default.RejectedView, shard)));
    }

    static async Task<JsonElement> BodyAsync(string file, CancellationToken stop)
    {
        try
        {
            return JsonElement.Parse(file == "-" ? await Console.In.ReadToEndAsync(stop) : await File.ReadAllTextAsync(file, stop));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new CommandException($"--body '{file}' cannot be read as JSON: {fault.Message}");
        }
    }

    static Uri One(Uri shard, string path) => new(shard, "v1/admin/rejected/" + path);

    static string Person(Arguments arguments) =>
        arguments.Text("--person") ?? throw new CommandException("say who you are with --person ID; the audit log keeps it.", ExitCodes.Usage);

    static T Read<T>(JsonElement? answer, JsonTypeInfo<T> json, Uri shard) => answer is { } found ? found.Deserialize(json)!
        : throw new CommandException($"{shard.GetLeftPart(UriPartial.Authority)} has no such message.");

    static Uri OneShard(Arguments arguments) => ShardUrls.Of(arguments) is [var only] ? only
        : throw new CommandException($"there are several shards, and ids are a shard's own; name one with {ShardUrls.Option}, as rejected list prints it.", ExitCodes.Usage);

    static long Id(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id
        : throw new CommandException($"'{text}' is not the id of a message; rejected list prints them.", ExitCodes.Usage);
}
