using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Dapr.DurableTask.Protobuf;
using Google.Protobuf;
using Jackpot.TestKit;
using Npgsql;

namespace Jackpot.EndToEnd.Tests;

/// <summary>
/// The roads of payouts leave the histories that are kept in tests/histories, which shard tests replay. With JACKPOT_WRITE_HISTORIES=1 those are written anew:
/// only for a road that is new, for the old ones are what older versions have left.
/// </summary>
[Collection(ClusterCollection.Name)]
public sealed class WorkflowHistoryTests(ClusterFixture fixture)
{
    static readonly string Folder = Path.Combine(RepositoryFolder.Root, "tests", "histories");
    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    JackpotCluster Cluster => fixture.Cluster;

    [Fact]
    public async Task Every_road_of_a_payout_leaves_the_history_that_is_kept()
    {
        await using var shard = Cluster.Database("shard_eu_mt_1");
        await KeepAsync("straight", "payout-" + await DropAsync());
        await FaultAsync("error_after_effect");
        await KeepAsync("doubt", "payout-" + await DropAsync());
        await FaultAsync("refuse");
        await KeepAsync("held", "payout-" + await DropAsync());
        await KeepAsync("activity-failed", "payout-" + await LosingItsRecordAsync(shard));
        await KeepAsync("shared", "share-" + await SharedAsync());
    }

    async Task KeepAsync(string road, string instanceId)
    {
        var events = await HistoryAsync(instanceId);
        var file = Path.Combine(Folder, road + ".json");
        if (Environment.GetEnvironmentVariable("JACKPOT_WRITE_HISTORIES") == "1")
        {
            Directory.CreateDirectory(Folder);
            var lines = string.Join(",\n    ", events.Select(one => JsonFormatter.Default.Format(one)));
            await File.WriteAllTextAsync(file, $"{{\n  \"instance_id\": \"{instanceId}\",\n  \"events\": [\n    {lines}\n  ]\n}}\n", Ct);
        }

        using var kept = JsonDocument.Parse(await File.ReadAllBytesAsync(file, Ct));
        Assert.Equal(
            kept.RootElement.GetProperty("events").EnumerateArray().Select(one => ShapeOf(JsonParser.Default.Parse<HistoryEvent>(one.GetRawText()))),
            events.Select(ShapeOf));
    }

    /// <summary>What is the same in every run of a road.</summary>
    static string ShapeOf(HistoryEvent one) => string.Create(CultureInfo.InvariantCulture, $"{one.EventId} {one.EventTypeCase} ") + one switch
    {
        { ExecutionStarted: { } start } => start.Name,
        { TaskScheduled: { } task } => task.Name,
        { TaskCompleted: { } task } => string.Create(CultureInfo.InvariantCulture, $"{task.TaskScheduledId} {task.Result}"),
        { TaskFailed: { } task } => string.Create(CultureInfo.InvariantCulture, $"{task.TaskScheduledId}"),
        { TimerFired: { } timer } => string.Create(CultureInfo.InvariantCulture, $"{timer.TimerId}"),
        { ExecutionCompleted: { } end } => $"{end.WorkflowStatus} {end.Result}",
        _ => "",
    };

    /// <summary>As the sidecar keeps it, once the workflow is over.</summary>
    async Task<List<HistoryEvent>> HistoryAsync(string instanceId)
    {
        await using var sidecar = Cluster.Database("dapr_eu_mt");
        await Eventually.TrueAsync(
            async () => await sidecar.ScalarAsync($"SELECT count(*) FROM state_workflow WHERE instance_id = '{instanceId}' AND status = 1") == 1, Deadline,
            $"{instanceId} is over; the shard's log:\n{Cluster.Log("shard-eu-mt-1")}");
        await using var command = sidecar.CreateCommand($"SELECT data FROM state_workflow_event WHERE instance_id = '{instanceId}' AND kind = 0 ORDER BY sequence");
        await using var reader = await command.ExecuteReaderAsync(Ct);
        var events = new List<HistoryEvent>();
        while (await reader.ReadAsync(Ct))
        {
            events.Add(HistoryEvent.Parser.ParseFrom(reader.GetFieldValue<byte[]>(0)));

            // It names files of the machine that recorded it, and nobody replays by it.
            (events[^1].TaskFailed?.FailureDetails)?.StackTrace = null;
        }

        return events;
    }

    /// <summary>The database loses what the activity wanted to note before it credits, and with it the activity.</summary>
    async Task<string> LosingItsRecordAsync(NpgsqlDataSource shard)
    {
        await using var point = await CrashPoint.BeforeAsync(shard, "loses-its-record", "crediting");
        var award = await DropAsync("loses-its-record");
        await Eventually.TrueAsync(point.IsReachedAsync, Deadline, "the activity is about to credit");
        await point.LoseAsync();
        await point.LetGoAsync();
        return award;
    }

    async Task<string> SharedAsync()
    {
        const string Definition = """
            {"jackpot_id":"history-pot","name":"History","shard":"eu-mt-1","currency":"EUR","tenants":["brand-42"],
             "pools":[{"pool_id":"history-pot-main","contribution_ppm":20000,"reserve_ppm":0,"seed":25.01,"trigger":{"kind":"must_drop_by_amount","min":30.00,"max":40.00},
                       "community":[{"kind":"top_of_cycle","share_ppm":200000,"winners_max":2}]}]}
            """;
        using var request = new HttpRequestMessage(HttpMethod.Put, new Uri(Cluster.Url("shard-eu-mt-1"), "v1/admin/jackpots/history-pot"))
        {
            Content = new StringContent(Definition, Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("X-Person", "anna");
        using var response = await Cluster.Http.SendAsync(request, Ct);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(Ct));
        for (var i = 0; i < 3; i++)
        {
            var (status, body) = await Cluster.SendAsync(Cluster.Url("gateway-eu-mt"), Bets.Json($"history-{i}", "history-pot-main", player: $"sharer-{i}"));
            Assert.True(status == HttpStatusCode.OK, body);
        }

        return await DropAsync("history-dropper", "history-pot-main", "900.00");
    }

    async Task FaultAsync(string kind)
    {
        using var response = await Cluster.Http.PostAsJsonAsync(new Uri(Cluster.Url("wallet-eu-mt"), "wallet-admin/faults"), new { kind, count = 1, delay_ms = 0, reason = "player_closed" }, Ct);
        response.EnsureSuccessStatusCode();
    }

    async Task<string> DropAsync(string player = "player-1", string pool = "quick-pot-main", string amount = "400.00")
    {
        var (status, body) = await Cluster.SendAsync(Cluster.Url("gateway-eu-mt"), Bets.Json(Guid.NewGuid().ToString(), pool, amount: amount, player: player));
        Assert.True(status == HttpStatusCode.OK, body);
        return JsonElement.Parse(body).GetProperty("awards").EnumerateArray().Single().GetProperty("award_id").GetString()!;
    }
}
