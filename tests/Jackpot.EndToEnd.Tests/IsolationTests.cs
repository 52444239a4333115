using System.Net;
using System.Text;
using Jackpot.TestKit;
using Jackpot.TestKit.Servers;
using RabbitMQ.Client;

namespace Jackpot.EndToEnd.Tests;

/// <summary>
/// A player of one region leaves no byte in another: neither in its PostgreSQL (the log of it included, and all that its LocalDapr keeps), nor in
/// its logs, nor in what lies between the regions. The player's name is looked for as it is written, on the disk.
/// </summary>
public abstract class IsolationTests(JackpotCluster cluster)
{
    const string Here = "uk-gb";
    const string There = "eu-mt";
    const string Between = "network";
    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    protected JackpotCluster Cluster => cluster;

    [Fact]
    public async Task What_a_player_does_in_one_region_is_nowhere_in_the_other()
    {
        var canary = $"canary-{Guid.NewGuid():N}";

        await StreamABetAsync(canary);
        await StreamBetsThatAreRefusedAsync(canary);
        await OptInAsync(canary);
        await GoToTheWrongRegionAsync(canary);
        await LookInQueuesAsync(canary);

        // It is looked for in the right way: where it belongs it is found.
        Assert.NotEmpty(FilesWith(canary, cluster.DataDirectory(Here)));
        Assert.Equal([], FilesWith(canary, cluster.DataDirectory(There)));
        Assert.Equal([], FilesWith(canary, cluster.DataDirectory(Between)));
        Assert.Equal([], cluster.LogFiles.Where(log => !Path.GetFileName(log).Contains(Here, StringComparison.Ordinal)).SelectMany(log => FilesWith(canary, log)));
        Assert.Contains(cluster.LogFiles, log => Path.GetFileName(log) == $"localdapr-{There}.log");
    }

    /// <summary>What the broker itself holds for each region, where it is not the region's PostgreSQL.</summary>
    protected virtual Task LookInQueuesAsync(string canary) => Task.CompletedTask;

    async Task StreamABetAsync(string player)
    {
        var (status, body) = await cluster.PublishAsync("gateway-uk-gb", [Bets.Json(player, "union-pot-main", currency: "GBP", tenant: "brand-7", player: player)]);
        Assert.True(status == HttpStatusCode.NoContent, body);
        await using var database = cluster.Database("shard_uk_gb_1");
        await Eventually.TrueAsync(
            async () => await database.ScalarAsync($"SELECT count(*) FROM contribution WHERE contribution_id = 'c-{player}'") == 1, Deadline,
            "the streamed bet was recorded; the shard's log:\n" + cluster.Log("shard-uk-gb-1"));
    }

    /// <summary>A pool that is not there, a tenant that is the other region's, one that is nobody's, and what is no bet at all.</summary>
    async Task StreamBetsThatAreRefusedAsync(string player)
    {
        string[] refused =
        [
            Bets.Json($"{player}-pool", "no-such-pool", currency: "GBP", tenant: "brand-7", player: player),
            Bets.Json($"{player}-elsewhere", "euro-spins-main", player: player),
            Bets.Json($"{player}-nobody", "union-pot-main", currency: "GBP", tenant: "brand-of-nobody", player: player),
            $$"""{"no_bet_of":"{{player}}"}""",
        ];
        var before = await RefusedAsync();
        var (status, body) = await cluster.PublishAsync("gateway-uk-gb", refused);
        Assert.True(status == HttpStatusCode.NoContent, body);
        await Eventually.TrueAsync(async () => await RefusedAsync() >= before + refused.Length, Deadline, "every one of them was refused");
    }

    async Task<long> RefusedAsync() =>
        (await cluster.Http.GetStringAsync(new Uri(cluster.Url("shard-uk-gb-1"), "metrics"), Ct)).Split('\n')
            .Where(line => line.StartsWith("jackpot_stream_bets_total{", StringComparison.Ordinal) && (line.Contains("refused", StringComparison.Ordinal) || line.Contains("unreadable", StringComparison.Ordinal)))
            .Sum(line => long.Parse(line[(line.LastIndexOf(' ') + 1)..], System.Globalization.CultureInfo.InvariantCulture));

    async Task OptInAsync(string player)
    {
        var (status, body) = await cluster.SendAsync(
            cluster.Url("gateway-uk-gb"), $$"""{"tenant_id":"brand-7","player_id":"{{player}}","jackpot_id":"union-pot","consent_version":1}""", "brand-7", "v1/optin");
        Assert.True(status == HttpStatusCode.OK, body);
    }

    async Task GoToTheWrongRegionAsync(string player)
    {
        var bet = Bets.Json(player + "-http", "union-pot-main", currency: "GBP", tenant: "brand-7", player: player);
        var (status, _) = await cluster.SendAsync(cluster.Url("gateway-eu-mt"), bet, "brand-7");
        Assert.Equal(HttpStatusCode.MisdirectedRequest, status);
    }

    /// <summary>Every file of a folder, or the file itself, that holds the text as bytes.</summary>
    static List<string> FilesWith(string text, string path)
    {
        var sought = Encoding.UTF8.GetBytes(text);
        var files = File.Exists(path) ? [path] : Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories);
        return [.. files.Where(file => Holds(file, sought))];
    }

    static bool Holds(string file, byte[] sought)
    {
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var (buffer, kept) = (new byte[1 << 20], 0);
            int read;
            while ((read = stream.Read(buffer, kept, buffer.Length - kept)) > 0)
            {
                var filled = buffer.AsSpan(0, kept + read);
                if (filled.IndexOf(sought) >= 0)
                {
                    return true;
                }

                kept = Math.Min(sought.Length - 1, filled.Length);
                filled[^kept..].CopyTo(buffer);
            }

            return false;
        }
        catch (FileNotFoundException)
        {
            // PostgreSQL removes files of its own at any moment.
            return false;
        }
    }
}

[Collection(ClusterCollection.Name)]
public sealed class LocalIsolationTests(ClusterFixture fixture) : IsolationTests(fixture.Cluster);

/// <summary>On RabbitMQ the regions' virtual hosts are listened to as well.</summary>
[Collection(RabbitClusterCollection.Name)]
public sealed class RabbitIsolationTests(RabbitClusterFixture fixture) : IsolationTests(fixture.Cluster)
{
    static readonly string[] Exchanges = ["bets", "bets.dead"];

    protected override async Task LookInQueuesAsync(string canary)
    {
        await using var here = await Ear.ListenAsync(fixture.Places["uk-gb"]);
        await using var there = await Ear.ListenAsync(fixture.Places["eu-mt"]);
        await using var between = await Ear.ListenAsync(fixture.Places["network"]);
        var bet = Bets.Json(canary + "-heard", "no-such-pool", currency: "GBP", tenant: "brand-7", player: canary);

        await using var database = Cluster.Database("shard_uk_gb_1");
        var kept = await database.ScalarAsync("SELECT count(*) FROM rejected");
        await Cluster.PublishAsync("gateway-uk-gb", [bet]);

        // It passes through the region's own queues once; refused, it lies in the region's own table.
        await Eventually.TrueAsync(async () => await here.HeardAsync(canary) >= 1, TimeSpan.FromSeconds(30), "the bet was heard in its own region");
        await Eventually.TrueAsync(async () => await database.ScalarAsync("SELECT count(*) FROM rejected") > kept, TimeSpan.FromSeconds(30), "the refused bet is kept in its own region");
        Assert.Equal((0, 0), (await there.HeardAsync(canary), await between.HeardAsync(canary)));
    }

    /// <summary>A queue of the test's own on every exchange of bets of a virtual host.</summary>
    sealed class Ear : IAsyncDisposable
    {
        readonly IConnection _connection;
        readonly IChannel _channel;
        readonly string _queue;
        int _heard;

        Ear(IConnection connection, IChannel channel, string queue) => (_connection, _channel, _queue) = (connection, channel, queue);

        public static async Task<Ear> ListenAsync(string address)
        {
            var ct = TestContext.Current.CancellationToken;
            var connection = await new ConnectionFactory { Uri = new Uri(address) }.CreateConnectionAsync(ct);
            var channel = await connection.CreateChannelAsync(cancellationToken: ct);
            var queue = (await channel.QueueDeclareAsync(cancellationToken: ct)).QueueName;
            foreach (var exchange in Exchanges)
            {
                await channel.ExchangeDeclareAsync(exchange, "fanout", durable: true, autoDelete: false, cancellationToken: ct);
                await channel.QueueBindAsync(queue, exchange, "", cancellationToken: ct);
            }

            return new(connection, channel, queue);
        }

        /// <summary>How many messages so far held the text.</summary>
        public async Task<int> HeardAsync(string text)
        {
            while (await _channel.BasicGetAsync(_queue, autoAck: true, TestContext.Current.CancellationToken) is { } message)
            {
                _heard += message.Body.Span.IndexOf(Encoding.UTF8.GetBytes(text)) >= 0 ? 1 : 0;
            }

            return _heard;
        }

        public async ValueTask DisposeAsync()
        {
            await _channel.DisposeAsync();
            await _connection.DisposeAsync();
        }
    }
}
