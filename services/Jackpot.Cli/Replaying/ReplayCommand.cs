using System.Globalization;
using System.Net;
using System.Text.Json;
using Jackpot.Cli.Cluster;

namespace Jackpot.Cli.Replaying;

/// <summary>`jackpot replay`: has a shard rebuild a jackpot from its rows and compare everything that is stored beside them.</summary>
static class ReplayCommand
{
    const string Usage = "say which jackpot: jackpot replay <jackpot-id> [--to SEQUENCE] [--shard-url URL] [--run-dir DIR]";

    internal static async Task<int> RunAsync(string[] args, CancellationToken stop)
    {
        if (args.Length == 0 || args[0].StartsWith('-'))
        {
            throw new CommandException(Usage, ExitCodes.Usage);
        }

        var arguments = Arguments.Parse(args[1..], ["--to", ShardUrls.Option, "--run-dir"], []);
        var path = $"v1/audit/jackpots/{Uri.EscapeDataString(args[0])}/replay{Query(arguments)}";
        using var http = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        foreach (var shard in ShardUrls.Of(arguments))
        {
            using var answer = await AskAsync(http, new Uri(shard, path), stop);
            if (answer.StatusCode != HttpStatusCode.NotFound)
            {
                return await ShowAsync(answer, stop);
            }
        }

        throw new CommandException($"no shard has a jackpot '{args[0]}'.");
    }

    static string Query(Arguments arguments) => arguments.Text("--to") is not { } to ? "" : long.TryParse(to, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence) && sequence >= 1
        ? $"?to={to}"
        : throw new CommandException($"--to is '{to}'; it must be a sequence, a whole number from 1.", ExitCodes.Usage);

    static async Task<HttpResponseMessage> AskAsync(HttpClient http, Uri url, CancellationToken stop)
    {
        try
        {
            return await http.GetAsync(url, HttpCompletionOption.ResponseHeadersRead, stop);
        }
        catch (HttpRequestException e)
        {
            throw new CommandException($"{url.GetLeftPart(UriPartial.Authority)} cannot be asked: {e.Message}");
        }
    }

    static async Task<int> ShowAsync(HttpResponseMessage answer, CancellationToken stop)
    {
        if (!answer.IsSuccessStatusCode)
        {
            throw new CommandException($"the shard answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(stop)}");
        }

        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(stop));
        while (await lines.ReadLineAsync(stop) is { } text)
        {
            using var line = JsonDocument.Parse(text);
            if (line.RootElement.TryGetProperty("report", out var report))
            {
                return await ReportAsync(report);
            }

            if (line.RootElement.TryGetProperty("timed_out", out var reason))
            {
                throw new CommandException($"the replay stopped after contribution {line.RootElement.GetProperty("done")}: {reason.GetString()}");
            }

            await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{line.RootElement.GetProperty("done").GetInt64():N0} contributions replayed"));
        }

        throw new CommandException("the shard's answer ended before its report; see its log.");
    }

    static async Task<int> ReportAsync(JsonElement report)
    {
        foreach (var pool in report.GetProperty("pools").EnumerateArray())
        {
            var amount = pool.GetProperty("amount");
            await Console.Out.WriteLineAsync($"{pool.GetProperty("pool_id").GetString()}: cycle {pool.GetProperty("cycle")}, {amount.GetProperty("amount")} {amount.GetProperty("currency").GetString()}");
        }

        foreach (var finding in report.GetProperty("findings").EnumerateArray())
        {
            await Console.Out.WriteLineAsync($"{finding.GetProperty("kind").GetString()}: {finding.GetProperty("message").GetString()}");
        }

        var agrees = report.GetProperty("agrees").GetBoolean();
        await Console.Out.WriteLineAsync(
            $"Jackpot {report.GetProperty("jackpot_id").GetString()} to contribution {report.GetProperty("to_sequence")}: {report.GetProperty("batches")} batches, "
            + $"{report.GetProperty("drops")} drops, {report.GetProperty("movements")} movements between pools, head {report.GetProperty("chain_head").GetString()}. "
            + (agrees ? "Every hash, amount, award and balance agrees." : "This is not what is stored."));
        return agrees ? ExitCodes.Done : ExitCodes.Failed;
    }
}
