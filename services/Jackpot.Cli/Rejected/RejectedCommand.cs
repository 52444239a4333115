using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
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

    const string PersonHeader = "X-Person";
    static readonly TimeSpan TimeMax = TimeSpan.FromMinutes(1);
    static readonly string[] Place = [ShardUrls.Option, "--run-dir"];

    internal static async Task<int> RunAsync(string[] args, CancellationToken stop)
    {
        using var http = new HttpClient { Timeout = TimeMax };
        var rest = args.Skip(2).ToArray();
        switch (args)
        {
            case ["list", ..]:
                await ListAsync(http, Arguments.Parse(args[1..], ["--state", "--topic", "--tenant", "--reason", .. Place], []), stop);
                return ExitCodes.Done;
            case ["show", { } id, ..]:
                await ShowAsync(http, Id(id), Arguments.Parse(rest, ["--person", .. Place], []), stop);
                return ExitCodes.Done;
            case ["retry", { } id, ..]:
                await StepAsync(http, Id(id), "retry", Arguments.Parse(rest, ["--person", "--why", "--body", .. Place], []), stop);
                return ExitCodes.Done;
            case ["drop", { } id, ..]:
                await StepAsync(http, Id(id), "drop", Arguments.Parse(rest, ["--person", "--why", .. Place], []), stop);
                return ExitCodes.Done;
            default:
                throw new CommandException("say what to do: jackpot rejected list, show ID, retry ID or drop ID. jackpot rejected --help tells more.", ExitCodes.Usage);
        }
    }

    static async Task ListAsync(HttpClient http, Arguments arguments, CancellationToken stop)
    {
        var state = arguments.Text("--state") ?? "waiting";
        string?[] filters = [state == "all" ? null : $"state={state}", Filter("topic"), Filter("tenant"), Filter("reason")];
        foreach (var shard in ShardUrls.Of(arguments))
        {
            for (long? after = 0; after is not null;)
            {
                var query = string.Join('&', filters.OfType<string>().Append(string.Create(CultureInfo.InvariantCulture, $"after={after}")));
                var page = (await SendAsync(http, new HttpRequestMessage(HttpMethod.Get, new Uri(shard, "v1/admin/rejected?" + query)), RejectedJson.Default.RejectedList, stop))!;
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

    static async Task ShowAsync(HttpClient http, long id, Arguments arguments, CancellationToken stop)
    {
        var shard = OneShard(arguments);
        var shown = (await SendAsync(http, Request(HttpMethod.Get, shard, $"{id}", arguments), RejectedJson.Default.RejectedShown, stop))!;
        await Console.Error.WriteLineAsync(Line(shard, shown.Message));
        await Console.Out.WriteLineAsync(shown.Body?.GetRawText() ?? System.Text.Encoding.UTF8.GetString(shown.BodyBase64 ?? []));
        if (shown.MendedBody is { } mended)
        {
            await Console.Error.WriteLineAsync("mended:");
            await Console.Out.WriteLineAsync(mended.GetRawText());
        }
    }

    static async Task StepAsync(HttpClient http, long id, string step, Arguments arguments, CancellationToken stop)
    {
        var why = arguments.Text("--why") ?? throw new CommandException("say why with --why TEXT; the audit log keeps it.", ExitCodes.Usage);
        var shard = OneShard(arguments);
        var request = Request(HttpMethod.Post, shard, $"{id}/{step}", arguments);
        request.Content = JsonContent.Create(new RetryBody(why, arguments.Text("--body") is { } file ? await BodyAsync(file, stop) : null), RejectedJson.Default.RetryBody);
        await Console.Out.WriteLineAsync(Line(shard, (await SendAsync(http, request, RejectedJson.Default.RejectedView, stop))!));
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

    static HttpRequestMessage Request(HttpMethod method, Uri shard, string path, Arguments arguments)
    {
        var request = new HttpRequestMessage(method, new Uri(shard, "v1/admin/rejected/" + path));
        request.Headers.Add(PersonHeader, arguments.Text("--person") ?? throw new CommandException("say who you are with --person ID; the audit log keeps it.", ExitCodes.Usage));
        return request;
    }

    static async Task<T?> SendAsync<T>(HttpClient http, HttpRequestMessage request, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> json, CancellationToken stop)
    {
        var place = request.RequestUri!.GetLeftPart(UriPartial.Authority);
        using (request)
        {
            try
            {
                using var answer = await http.SendAsync(request, stop);
                return answer.IsSuccessStatusCode
                    ? await answer.Content.ReadFromJsonAsync(json, stop)
                    : throw new CommandException($"{place} answered {(int)answer.StatusCode}: {ProblemText.Detail(await answer.Content.ReadAsStringAsync(stop))}");
            }
            catch (HttpRequestException failure)
            {
                throw new CommandException($"{place} cannot be reached: {failure.Message}");
            }
        }
    }

    static Uri OneShard(Arguments arguments) => ShardUrls.Of(arguments) is [var only] ? only
        : throw new CommandException($"there are several shards, and ids are a shard's own; name one with {ShardUrls.Option}, as rejected list prints it.", ExitCodes.Usage);

    static long Id(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id
        : throw new CommandException($"'{text}' is not the id of a message; rejected list prints them.", ExitCodes.Usage);
}
