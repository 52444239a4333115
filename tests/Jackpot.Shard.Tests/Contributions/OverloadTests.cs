using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Jackpot.Ledger.Batching;
using Jackpot.Ledger.Contributions;
using Jackpot.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace Jackpot.Shard.Tests.Contributions;

public sealed class OverloadTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    /// <summary>At once, on a machine that does other work too.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_stalled_commit_fills_its_queue_to_the_limit_and_refuses_the_rest_at_once_and_then_answers_all_it_took()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var stalling = new StallingBatchers();
        await using var endpoints = await TestEndpoints.OpenAsync(ledger, services => services.AddSingleton<IBatchRecorders>(new TestRecorders(stalling.Record)));
        var jackpot = await ledger.CreateJackpotAsync(TestLedger.Quiet("quiet"));
        stalling.Stall(null);
        var inFlight = endpoints.BetAsync("quiet", "in flight");
        await Eventually.TrueAsync(() => stalling.Calls == 1, Patience, what: "the first bet is in flight");

        // Four batches of 1,000 leave room for 96 more.
        var batches = Enumerable.Range(0, FairQueue.PerJackpotMax / BatchCodec.ItemsMax)
            .Select(batch => PostBatchAsync(endpoints, "quiet", $"b{batch}", BatchCodec.ItemsMax)).ToArray();
        var batcher = endpoints.Services.GetRequiredService<BatcherDirectory>().Of(jackpot);
        await Eventually.TrueAsync(() => batcher.WaitingNow == BatchCodec.ItemsMax * batches.Length, Patience, what: "the batches wait");
        var overlap = PostBatchAsync(endpoints, "quiet", "over", BatchCodec.ItemsMax);
        await Eventually.TrueAsync(() => batcher.WaitingNow == FairQueue.PerJackpotMax, Patience, what: "the queue is full");
        var single = await endpoints.BetAsync("quiet", "single").WaitAsync(Patience, Ct);

        var refused = await PostBatchAsync(endpoints, "quiet", "refused", BatchCodec.ItemsMax).WaitAsync(Patience, Ct);

        single.IsProblem(503, "overloaded");
        Assert.Equal("1", single.RetryAfter);
        Assert.All(refused.Json.GetProperty("results").EnumerateArray(), result => Assert.Equal("refused", Status(result)));
        Assert.Equal("1", refused.RetryAfter);
        Assert.False(inFlight.IsCompleted);
        stalling.Resume();
        (await inFlight).Is(200);
        foreach (var batch in batches)
        {
            Assert.All((await batch).Json.GetProperty("results").EnumerateArray(), result => Assert.Equal("accepted", Status(result)));
        }

        // More than there was room for, when its last items were still on their way in as the queue began to move.
        var taken = (await overlap).Json.GetProperty("results").EnumerateArray().Count(result => Status(result) == "accepted");
        Assert.InRange(taken, FairQueue.PerJackpotMax % BatchCodec.ItemsMax, BatchCodec.ItemsMax);
        Assert.Equal(1 + BatchCodec.ItemsMax * batches.Length + taken, stalling.Recorded);
        Assert.Equal(0, batcher.WaitingNow);
    }

    [Fact]
    public async Task A_jackpot_whose_lane_stalls_makes_no_other_lane_refuse()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var stalling = new StallingBatchers();
        await using var endpoints = await TestEndpoints.OpenAsync(ledger, services => services.AddSingleton<IBatchRecorders>(new TestRecorders(stalling.Record)));
        var batchers = endpoints.Services.GetRequiredService<BatcherDirectory>();
        var stalled = await ledger.CreateJackpotAsync(TestLedger.Quiet("j0"));
        var other = stalled;
        for (var i = 1; batchers.Of(other).Id == batchers.Of(stalled).Id; i++)
        {
            other = await ledger.CreateJackpotAsync(TestLedger.Quiet($"j{i}"));
        }

        stalling.Stall(batchers.Of(stalled).Id);
        var waiting = Enumerable.Range(0, 6).Select(batch => PostBatchAsync(endpoints, "j0", $"b{batch}", BatchCodec.ItemsMax)).ToArray();
        await Eventually.TrueAsync(() => batchers.Of(stalled).WaitingNow == FairQueue.PerJackpotMax, Patience, what: "the stalled batcher's queue is full");

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => endpoints.BetAsync(other.Config.Id.Value, $"k{i}"))).WaitAsync(Patience, Ct);

        Assert.All(answers, answer => answer.Is(200));
        stalling.Resume();
        Assert.All(await Task.WhenAll(waiting), answer => answer.Is(200));
    }

    static string Status(JsonElement result) => result.GetProperty("status").GetString()!;

    static Task<EndpointAnswer> PostBatchAsync(TestEndpoints endpoints, string jackpot, string key, int items) => endpoints.PostAsync(
        "/v1/jp/contributions/batch",
        $$"""{"contributions":[{{string.Join(',', Enumerable.Range(0, items).Select(i => endpoints.BetJson(jackpot, string.Create(CultureInfo.InvariantCulture, $"{key}-{i}"))))}}]}""",
        tenant: TestLedger.Tenant);

    /// <summary>Accepts everything, but while it stalls, as a commit that hangs, it answers nothing.</summary>
    sealed class StallingBatchers
    {
        readonly ConcurrentDictionary<string, long> _sequences = new(StringComparer.Ordinal);
        TaskCompletionSource _go = new();
        string? _batcher;
        bool _stalls;
        int _calls;
        int _recorded;

        public int Calls => Volatile.Read(ref _calls);

        public int Recorded => Volatile.Read(ref _recorded);

        /// <summary>Stalls one batcher, or all.</summary>
        public void Stall(string? batcher) => (_batcher, _stalls, _go) = (batcher, true, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

        public void Resume()
        {
            _stalls = false;
            _go.SetResult();
        }

        public RecordedContribution[] Record(string batcher, AcceptedContribution[] items, CancellationToken ct)
        {
            Interlocked.Increment(ref _calls);
            if (_stalls && (_batcher is null || _batcher == batcher))
            {
                _go.Task.Wait(ct);
            }

            Interlocked.Add(ref _recorded, items.Length);
            return [.. items.Select(_ => new RecordedContribution
            {
                Kind = RecordedKind.Accepted, Sequence = _sequences.AddOrUpdate(batcher, 1, (_, last) => last + 1), Pools = [new PoolAmount(1, 0)],
            })];
        }
    }
}
