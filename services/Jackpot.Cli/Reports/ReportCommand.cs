using Jackpot.Cli.Cluster;
using Jackpot.Cli.Supervision;

namespace Jackpot.Cli.Reports;

/// <summary>`jackpot report NAME`: asks one shard, or every shard of the local cluster, and prints what it answers.</summary>
static class ReportCommand
{
    static readonly string[] Parameters = ["--from", "--to", "--interval", "--tenant", "--jackpot", "--player", "--threshold", "--after", "--format"];
    static readonly TimeSpan TimeMax = TimeSpan.FromMinutes(5);

    internal static async Task<int> RunAsync(string[] args, CancellationToken stop)
    {
        if (args.Length == 0 || args[0].StartsWith('-'))
        {
            throw new CommandException("say which report: jackpot report large-awards --from 2026-01-01 --format csv", ExitCodes.Usage);
        }

        var arguments = Arguments.Parse(args[1..], [.. Parameters, "--shard", "--run-dir"], []);
        using var http = new HttpClient { Timeout = TimeMax };
        foreach (var shard in Shards(arguments))
        {
            await PrintAsync(http, Address(shard, args[0], arguments), stop);
        }

        return ExitCodes.Done;
    }

    internal static Uri Address(Uri shard, string report, Arguments arguments)
    {
        var query = Parameters.Where(name => arguments.Text(name) is not null).Select(name => $"{name[2..]}={Uri.EscapeDataString(arguments.Text(name)!)}");
        return new Uri(shard, $"/v1/audit/reports/{Uri.EscapeDataString(report)}?{string.Join('&', query)}");
    }

    static IReadOnlyList<Uri> Shards(Arguments arguments)
    {
        if (arguments.Text("--shard") is { } text)
        {
            return Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
                ? [url]
                : throw new CommandException($"--shard is '{text}'; it must be the address of a shard, such as http://127.0.0.1:5101.", ExitCodes.Usage);
        }

        var run = RunFolder.At(ClusterOptions.RunDirectoryOf(arguments, RepositoryRoot.Find()));
        var state = ClusterState.Read(run.StateFile) ?? throw new CommandException($"no cluster runs in {run.Path}. Run ./jackpot up first, or name a shard with --shard.");
        return [.. state.Urls.Where(url => url.Key.StartsWith("shard-", StringComparison.Ordinal)).OrderBy(url => url.Key, StringComparer.Ordinal).Select(url => new Uri(url.Value))];
    }

    static async Task PrintAsync(HttpClient http, Uri address, CancellationToken stop)
    {
        try
        {
            using var answer = await http.GetAsync(address, stop);
            var body = await answer.Content.ReadAsStringAsync(stop);
            if (!answer.IsSuccessStatusCode)
            {
                throw new CommandException($"{address.GetLeftPart(UriPartial.Authority)} answered {(int)answer.StatusCode}: {ShardClient.DetailOf(body)}");
            }

            await Console.Out.WriteLineAsync(body);
            await Console.Error.WriteLineAsync($"version {Header(answer, "X-Report-Id")} sha256 {Header(answer, "X-Report-Sha256")}");
            if (Header(answer, "X-Report-Next") is { Length: > 0 } next)
            {
                await Console.Error.WriteLineAsync($"there is more: --after {next}");
            }
        }
        catch (HttpRequestException failure)
        {
            throw new CommandException($"{address.GetLeftPart(UriPartial.Authority)} cannot be reached: {failure.Message}");
        }
    }

    static string Header(HttpResponseMessage answer, string name) => answer.Headers.TryGetValues(name, out var values) ? values.First() : "";
}
