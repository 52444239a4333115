using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Jackpot.TestKit;
using Npgsql;

namespace Jackpot.EndToEnd.Tests;

/// <summary>
/// Bets go on, at an even pace, while placement or the sidecar is away, after the owner of a batcher was killed and while a new replica is given its batchers: what a player would notice
/// is measured, not only what the books say.
/// </summary>
public sealed class OutageTests
{
    const string Shard = "shard-eu-mt-1";
    const int BetsPerSecond = 300;
    const int Players = 97;
    const int WarmUpBets = 500;
    static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(50);

    /// <summary>A client gives up on a connection, and sends the bet again, well after every limit here has been broken.</summary>
    static readonly TimeSpan BetDeadline = TimeSpan.FromSeconds(60);

    /// <summary>Short enough to start bets evenly.</summary>
    static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(10);

    static readonly TimeSpan ReadyInterval = TimeSpan.FromMilliseconds(250);

    static readonly TimeSpan Before = TimeSpan.FromSeconds(Long.Count(2, 10));

    /// <summary>Longer than <see cref="AnswerMaxShared"/>: a bet that waits for the end of the fault is always found out.</summary>
    static readonly TimeSpan Fault = TimeSpan.FromSeconds(Long.Count(6, 10));

    static readonly TimeSpan After = TimeSpan.FromSeconds(Long.Count(2, 10));

    /// <summary>What operators are promised (P25), measured on a machine that does nothing else.</summary>
    static readonly TimeSpan AnswerMaxPromised = TimeSpan.FromSeconds(1);

    /// <summary>The default run shares its machine with other tests, so that it finds bets that wait for the fault to end, not slow ones.</summary>
    static readonly TimeSpan AnswerMaxShared = TimeSpan.FromSeconds(5);

    static readonly TimeSpan TakeoverMaxPromised = TimeSpan.FromSeconds(2);
    static readonly TimeSpan TakeoverMaxShared = TimeSpan.FromSeconds(10);

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Bets_are_answered_in_time_while_placement_or_the_sidecar_is_away_after_their_owner_was_killed_and_while_batchers_move()
    {
        await using var cluster = await JackpotCluster.UpAsync("--replicas", "2");
        await using var database = cluster.Database("shard_eu_mt_1");
        var answerMax = Long.IsAsked ? AnswerMaxPromised : AnswerMaxShared;

        // What processes that have just been started are slow at is not what is measured here.
        await Task.WhenAll(Enumerable.Range(0, WarmUpBets).Select(i => SendUntilAnsweredAsync(cluster, cluster.Url("gateway-eu-mt"), $"warm-up-{i}", i)));
        long bets = WarmUpBets;
        bets += await PlayAsync(cluster, "placement", answerMax, triesMax: 1, () => AwayAsync(cluster, new { kind = "pause-placement" }, named: "placement is away"));
        bets += await PlayAsync(cluster, "sidecar", answerMax, triesMax: 1, () => AwayAsync(cluster, new { kind = "cut-app", appId = Shard }, named: "the sidecar is away"));
        var killed = 0;
        bets += await PlayAsync(cluster, "killed", Long.IsAsked ? TakeoverMaxPromised : TakeoverMaxShared, int.MaxValue, async () => killed = await KillOwnerAsync(cluster, database));
        bets += await PlayAsync(cluster, "scale-out", answerMax, triesMax: 2, () => MovedAsync(database, cluster.Replicas(Shard)[killed]));

        await database.AssertStoredOnceAsync(bets);
        await database.AssertBalancedAsync();
    }

    /// <summary>Plays before, during and after the fault; no bet sent since it began may be answered later than the limit, nor be sent more often than allowed. Returns how many bets were played.</summary>
    static async Task<int> PlayAsync(JackpotCluster cluster, string name, TimeSpan answerMax, int triesMax, Func<Task> faultAsync)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var answers = new ConcurrentBag<Answer>();
        var playing = SendEvenlyAsync(cluster, name, answers, end.Token);
        long began;
        try
        {
            await Task.Delay(Before, Ct);
            began = Stopwatch.GetTimestamp();
            await faultAsync();
            await Task.Delay(After, Ct);
        }
        finally
        {
            await end.CancelAsync();
        }

        var sent = await playing;

        Assert.Equal(sent, answers.Count);
        var since = answers.Where(answer => answer.SentAt >= began).ToList();
        var slowest = since.MaxBy(answer => answer.Took)!;
        var report = $"{name}: {sent} bets, {since.Count} of them since the fault began; the slowest of these took {slowest.Took.TotalMilliseconds:F0} ms ({slowest.Tries} tries), "
            + $"the slowest before {answers.Except(since).Max(answer => answer.Took).TotalMilliseconds:F0} ms; "
            + $"{since.Count(answer => answer.Tries > 1)} were sent more than once; last refusal: {since.Select(answer => answer.LastRefusal).FirstOrDefault(text => text.Length > 0, "none")}";
        TestContext.Current.TestOutputHelper?.WriteLine(report);
        Assert.True(slowest.Took <= answerMax, $"{report}; allowed are {answerMax.TotalSeconds} s");
        Assert.True(since.All(answer => answer.Tries <= triesMax), report);
        return sent;
    }

    /// <summary>Starts a bet every 1/<see cref="BetsPerSecond"/> s, however many wait for their answers. Returns how many were sent, once all of them are answered.</summary>
    static async Task<int> SendEvenlyAsync(JackpotCluster cluster, string name, ConcurrentBag<Answer> answers, CancellationToken end)
    {
        var gateway = cluster.Url("gateway-eu-mt");
        var clock = Stopwatch.StartNew();
        var sending = new List<Task>();
        using var beat = new PeriodicTimer(Beat);
        while (!end.IsCancellationRequested)
        {
            await beat.WaitForNextTickAsync(Ct);
            for (var due = (int)(clock.Elapsed.TotalSeconds * BetsPerSecond); sending.Count < due;)
            {
                var i = sending.Count;
                sending.Add(Task.Run(async () => answers.Add(await SendUntilAnsweredAsync(cluster, gateway, $"{name}-{i}", i)), Ct));
            }
        }

        await Task.WhenAll(sending);
        return sending.Count;
    }

    static async Task<Answer> SendUntilAnsweredAsync(JackpotCluster cluster, Uri gateway, string key, int i)
    {
        var body = Bets.Json(key, i % 2 == 0 ? "quick-pot-main" : "euro-spins-main", player: $"player-{i % Players}");
        var (sentAt, refusal) = (Stopwatch.GetTimestamp(), "");
        for (var attempt = 1; Stopwatch.GetElapsedTime(sentAt) < BetDeadline; attempt++)
        {
            try
            {
                var (status, answer) = await cluster.SendAsync(gateway, body);
                if (status == HttpStatusCode.OK)
                {
                    return new Answer(sentAt, Stopwatch.GetElapsedTime(sentAt), attempt, refusal);
                }

                refusal = $"{(int)status} {answer}";
                Assert.True((int)status >= 500, $"{key}: {refusal}");
            }
            catch (Exception e) when (e is HttpRequestException or IOException or TaskCanceledException && !Ct.IsCancellationRequested)
            {
                refusal = e.Message;
            }

            await Task.Delay(RetryPause, Ct);
        }

        throw new InvalidOperationException($"{key} was not answered within {BetDeadline.TotalSeconds} s; last: {refusal}");
    }

    /// <summary>The fault for its time. All the while every replica is ready for bets, and says what is away.</summary>
    static async Task AwayAsync(JackpotCluster cluster, object rule, string? named)
    {
        await using var fault = await cluster.FaultAsync(rule);
        var clock = Stopwatch.StartNew();
        var said = new HashSet<string>(StringComparer.Ordinal);
        using var beat = new PeriodicTimer(ReadyInterval);
        while (clock.Elapsed < Fault && await beat.WaitForNextTickAsync(Ct))
        {
            foreach (var replica in cluster.Replicas(Shard))
            {
                using var ready = await cluster.Http.GetAsync(new Uri(replica, "readyz"), Ct);
                var text = await ready.Content.ReadAsStringAsync(Ct);
                Assert.True(ready.StatusCode == HttpStatusCode.OK, $"/readyz of {replica}: {(int)ready.StatusCode} {text}");
                said.Add(text);
            }
        }

        Assert.True(named is null || said.Any(text => text.Contains(named, StringComparison.Ordinal)), $"/readyz never said '{named}' but: {string.Join(" | ", said)}");
    }

    /// <summary>Kills the process that owns a batcher with bets; the other replica takes the batcher. Answers which was killed, when its successor takes bets.</summary>
    static async Task<int> KillOwnerAsync(JackpotCluster cluster, NpgsqlDataSource database)
    {
        var before = (await OwnersAsync(database))[0];
        var replicas = cluster.Replicas(Shard);
        var killed = Enumerable.Range(0, replicas.Count).Single(i => replicas[i].Port == before.Address.Port);
        var clock = Stopwatch.StartNew();
        var restarted = cluster.KillAsync(Shard, killed);

        Owner? next = null;
        await Eventually.TrueAsync(
            async () => (next = (await OwnersAsync(database)).Single(owner => owner.Batcher == before.Batcher)).Epoch > before.Epoch, what: $"another owner of {before.Batcher}");
        TestContext.Current.TestOutputHelper?.WriteLine($"{before.Batcher} had another owner {clock.ElapsedMilliseconds} ms after the kill was asked for");
        Assert.Equal(replicas[1 - killed].Port, next!.Address.Port);
        await restarted;
        await Eventually.TrueAsync(() => IsReadyAsync(cluster, replicas[killed]), what: "the killed replica's successor");
        return killed;
    }

    static async Task<bool> IsReadyAsync(JackpotCluster cluster, Uri replica)
    {
        try
        {
            using var ready = await cluster.Http.GetAsync(new Uri(replica, "readyz"), Ct);
            return ready.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>A replica that has joined is given batchers of the others, beside the bets.</summary>
    static async Task MovedAsync(NpgsqlDataSource database, Uri joined)
    {
        var clock = Stopwatch.StartNew();
        await Eventually.TrueAsync(async () => (await OwnersAsync(database)).Any(owner => owner.Address.Port == joined.Port), what: $"a batcher of {joined}");
        TestContext.Current.TestOutputHelper?.WriteLine($"the replica that joined had a batcher after {clock.ElapsedMilliseconds} ms");
    }

    static async Task<IReadOnlyList<Owner>> OwnersAsync(NpgsqlDataSource database)
    {
        var owners = new List<Owner>();
        await using var command = database.CreateCommand("SELECT batcher, epoch, address FROM batcher_owner ORDER BY batcher");
        await using var reader = await command.ExecuteReaderAsync(Ct);
        while (await reader.ReadAsync(Ct))
        {
            owners.Add(new Owner(reader.GetString(0), reader.GetInt64(1), new Uri(reader.GetString(2))));
        }

        return owners;
    }

    /// <param name="SentAt">When it was first sent, as <see cref="Stopwatch.GetTimestamp"/>.</param>
    /// <param name="Took">Until it was answered, all tries included.</param>
    /// <param name="Tries">How often it was sent.</param>
    /// <param name="LastRefusal">Why it was sent again; empty if it was not.</param>
    sealed record Answer(long SentAt, TimeSpan Took, int Tries, string LastRefusal);

    sealed record Owner(string Batcher, long Epoch, Uri Address);
}
