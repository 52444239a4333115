using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Jackpot.Cli.Cluster;

namespace Jackpot.Cli.Up;

/// <summary>Posts regions/*/jackpots/*.json to their shards' own admin endpoints.</summary>
sealed class DemoJackpots(string root, ClusterPlan plan)
{
    /// <summary>Who creates the demo jackpots, in the audit log.</summary>
    const string Person = "jackpot-up";

    /// <summary>A shard that was just started on a busy machine answers its first request slowly.</summary>
    static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);
    static readonly TimeSpan PauseBetweenAttempts = TimeSpan.FromMilliseconds(200);

    internal async Task CreateAsync(Action<string> report, CancellationToken cancellation)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
        http.DefaultRequestHeaders.Add("X-Person", Person);
        foreach (var file in Directory.GetDirectories(Path.Combine(root, "regions")).Where(region => plan.Postgres.Any(postgres => postgres.Name == PostgresPlan.NamePrefix + Path.GetFileName(region))).Select(region => Path.Combine(region, "jackpots"))
            .Where(Directory.Exists).SelectMany(folder => Directory.GetFiles(folder, "*.json")).Order(StringComparer.Ordinal))
        {
            report(await CreateAsync(http, file, cancellation));
        }
    }

    async Task<string> CreateAsync(HttpClient http, string file, CancellationToken cancellation)
    {
        var (text, id, shard) = Read(file);
        var process = plan.Processes.FirstOrDefault(process => process.Environment.GetValueOrDefault("Shard__Id") == shard)
            ?? throw new CommandException($"{file}: shard '{shard}' is not in tye.yaml.");
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var (status, body) = await PutAsync(http, $"{process.Url}/v1/admin/jackpots/{id}", text, cancellation);
            switch (status)
            {
                case HttpStatusCode.Created:
                    return $"{id} created on {shard}";
                case HttpStatusCode.OK:
                    return $"{id} was there already";
                case HttpStatusCode.Conflict:
                    return $"{id} is there with other parameters and was left alone";
                case null or >= HttpStatusCode.InternalServerError when clock.Elapsed < Deadline:
                    await Task.Delay(PauseBetweenAttempts, cancellation);
                    break;
                default:
                    throw new CommandException($"{file}: shard {shard} answered {(int?)status}: {body}");
            }
        }
    }

    static async Task<(HttpStatusCode? Status, string Body)> PutAsync(HttpClient http, string url, string json, CancellationToken cancellation)
    {
        try
        {
            using var content = new StringContent(json, Encoding.UTF8, "application/json");
            using var answer = await http.PutAsync(url, content, cancellation);
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync(cancellation));
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException { InnerException: TimeoutException })
        {
            return (null, error.Message);
        }
    }

    static (string Text, string Id, string Shard) Read(string file)
    {
        try
        {
            var text = File.ReadAllText(file);
            var json = JsonNode.Parse(text)!;
            return (text, (string)json["jackpot_id"]!, (string)json["shard"]!);
        }
        catch (Exception error) when (error is JsonException or ArgumentNullException or NullReferenceException or InvalidOperationException)
        {
            throw new CommandException($"{file} is not a jackpot: {error.Message}");
        }
    }
}
