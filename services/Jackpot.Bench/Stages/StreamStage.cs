using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using Jackpot.Bench.Bed;
using Jackpot.Bench.Brokers;
using Jackpot.Bench.Load;
using Jackpot.Bench.Measures;
using Jackpot.Bench.Subscribers;

namespace Jackpot.Bench.Stages;

/// <summary>
/// P22: bets published on the topic of the stream, until the last of them is recorded. The publishers are as many as keep the broker ahead of its
/// consumer; each publishes a hundred at a time through the sidecar of an application of its own, as an operator's feed does.
/// </summary>
static class StreamStage
{
    const string Streamed = "bench-stream";
    const int Publishers = 8;
    const int PerPublish = 100;
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    /// <summary>On the cluster that everything else is measured on.</summary>
    internal static async Task RunAsync(BenchRun run) => await MeasureAsync(run, "P22", "local broker", run.Gateway.Median);

    /// <summary>On a cluster of its own, with another broker.</summary>
    internal static async Task RunAsync(BenchOptions options, SubscriberProbe probe, Report report, string id, Func<Task<StreamBroker>> startAsync, double gatewayPerSecond)
    {
        await using var broker = await startAsync();
        await using var bed = await TestBed.StartAsync(options, probe, broker);
        using var run = new BenchRun(options, bed, probe, report);
        await run.Money.StartAsync();
        await MeasureAsync(run, id, broker.Component, gatewayPerSecond);
    }

    static async Task MeasureAsync(BenchRun run, string id, string broker, double gatewayPerSecond)
    {
        await run.Jackpots.CreateAsync([(Streamed, BenchJackpots.Rare(Streamed))]);
        using var http = new HttpClient { BaseAddress = run.Bed.OwnSidecar, Timeout = Patience };
        await StreamAsync(run, http, run.Options.StreamedBets);
        Series recorded = new(broker), published = new("published");
        for (var round = 1; round <= run.Options.Rounds; round++)
        {
            var (publishing, recording) = await StreamAsync(run, http, run.Options.StreamedBets);
            published.Add(run.Options.StreamedBets / publishing.TotalSeconds);
            recorded.Add(run.Options.StreamedBets / recording.TotalSeconds);
            BenchRun.Say($"round {round}: {recorded.Range}, {published.Range}");
        }
        await run.Money.RequireAsync($"bets streamed over {broker}");
        run.Report.Add(id, recorded.Median / gatewayPerSecond, recorded.Median, string.Create(CultureInfo.InvariantCulture, $"{recorded.Range}; {published.Range}; P2 {gatewayPerSecond:#,0}/s"));
    }

    /// <summary>How long it took until the broker had all of them, and until they were recorded.</summary>
    static async Task<(TimeSpan Publishing, TimeSpan Recording)> StreamAsync(BenchRun run, HttpClient http, int bets)
    {
        var before = await RecordedAsync(run);
        var publishes = Enumerable.Range(0, bets / PerPublish).Select(_ => Publish()).ToArray();
        var clock = Stopwatch.StartNew();
        await Parallel.ForEachAsync(publishes, new ParallelOptions { MaxDegreeOfParallelism = Publishers }, async (body, stop) =>
        {
            using var content = new StringContent(body, Encoding.UTF8, "application/json");
            using var answer = await http.PostAsync("/v1.0/publish/bulk/bets/bets", content, stop);
            if (answer.StatusCode != HttpStatusCode.NoContent)
            {
                throw new InvalidOperationException($"The sidecar did not publish: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(stop)}");
            }
        });
        var publishing = clock.Elapsed;
        while (await RecordedAsync(run) < before + publishes.Length * PerPublish)
        {
            if (clock.Elapsed > Patience)
            {
                throw new InvalidOperationException($"{await RecordedAsync(run) - before} of {bets} streamed bets were recorded within {Patience.TotalSeconds} s.");
            }
            await Task.Delay(PollInterval);
        }
        run.Money.CountStored(publishes.Length * PerPublish);
        return (publishing, clock.Elapsed);
    }

    static string Publish() => $"[{string.Join(',', Enumerable.Range(0, PerPublish).Select(i =>
        $$"""{"entryId":"{{i}}","contentType":"application/json","event":{{RequestSource.OneBody(BenchJackpots.PoolField(Streamed))}}}"""))}]";

    static async Task<long> RecordedAsync(BenchRun run) =>
        long.Parse(await run.Bed.ScalarAsync($"SELECT sequence FROM jackpot_state WHERE jackpot_id = '{Streamed}'"), CultureInfo.InvariantCulture);
}
