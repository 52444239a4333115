using System.Globalization;
using Jackpot.Ledger.Batching;
using Jackpot.Ledger.Contributions;
using Jackpot.Ledger.Dedupe;
using Jackpot.Ledger.Jackpots;
using Jackpot.Ledger.Telemetry;
using Jackpot.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace Jackpot.Shard.Tests.Jackpots;

public sealed class BatchLoopTests(PostgresFixture postgres, ITestOutputHelper output) : IClassFixture<PostgresFixture>
{
    /// <summary>With so many clients, hundreds wait while a batch is being committed: the next is decided meanwhile.</summary>
    const int Clients = 600;

    const int BetsOfEach = 20;
    const int AskAgainMax = 20;

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("another writer")]
    [InlineData("a lost connection")]
    [InlineData("nothing but drops")]
    public async Task Every_answered_bet_is_stored_once_in_sequence_whatever_comes_between(string disturbance)
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var home = new Home(ledger);
        JackpotEntry[] jackpots = [await ledger.CreateJackpotAsync(TestLedger.Quiet("quiet")), await ledger.CreateJackpotAsync(TestLedger.MustDrop("drops"))];
        var drops = disturbance == "nothing but drops" ? 1 : 0;
        var bets = Enumerable.Range(0, Clients * BetsOfEach).Select(i => ledger.Item(jackpots[drops * (i % 50 / 49)], $"k{i}")).ToArray();
        var disturbAfter = new Random(seed).Next(bets.Length / 10, bets.Length / 2);

        var clients = bets.Chunk(BetsOfEach).Select(own => Task.Run(() => home.PlayAsync(own))).ToArray();
        await Eventually.TrueAsync(() => home.Answered >= disturbAfter, TimeSpan.FromSeconds(60), "bets were answered");
        await DisturbAsync(ledger, jackpots[0], disturbance);
        var answers = (await Task.WhenAll(clients)).SelectMany(own => own);

        var stored = (await ledger.RowsAsync("SELECT key16, sequence FROM contribution")).Select(row => row.Split(' '))
            .ToDictionary(row => Guid.Parse(row[0]), row => long.Parse(row[1], CultureInfo.InvariantCulture));
        Assert.Equal(bets.Select(bet => stored[bet.Key16]), answers.Select(answer => answer.Sequence));
        Assert.Empty(await ledger.RowsAsync("SELECT jackpot FROM contribution GROUP BY 1 HAVING max(sequence) <> count(*) OR count(DISTINCT sequence) <> count(*)"));
        Assert.Equal(drops > 0, await ledger.ScalarAsync<long>("SELECT count(*) FROM award") > 0);
        await ledger.AssertBalancedAsync();
    }

    [Fact]
    public async Task A_key_that_comes_again_while_its_first_bet_is_in_the_lane_gets_the_first_answer()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var home = new Home(ledger);
        var jackpot = await ledger.CreateJackpotAsync(TestLedger.Quiet("quiet"));
        var bets = Enumerable.Range(0, 300).Select(i => ledger.Item(jackpot, $"k{i}")).ToArray();

        var asked = bets.SelectMany(bet => new[] { home.AskAsync(bet), home.AskAsync(bet) }).ToArray();
        var answers = await Task.WhenAll(asked);

        foreach (var pair in answers.Chunk(2))
        {
            Assert.Equal((RecordedKind.Accepted, RecordedKind.Duplicate), (pair[0].Kind, pair[1].Kind));
            Assert.Equal((pair[0].Sequence, pair[0].Pools[0]), (pair[1].Sequence, pair[1].Pools[0]));
        }

        Assert.Equal(300L, await ledger.ScalarAsync<long>("SELECT count(*) FROM contribution"));
    }

    [Fact]
    public async Task A_key_that_comes_again_with_another_body_is_refused()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var home = new Home(ledger);
        var jackpot = await ledger.CreateJackpotAsync(TestLedger.Quiet("quiet"));
        await home.AskAsync(ledger.Item(jackpot, "k"));

        var other = await home.AskAsync(ledger.Item(jackpot, "k", stakeMicros: 2_000_000));

        Assert.Equal(RecordedKind.KeyReused, other.Kind);
    }

    [Fact]
    public async Task A_bet_that_was_refused_is_recorded_when_it_comes_again()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var home = new Home(ledger);
        var jackpot = await ledger.CreateJackpotAsync(TestLedger.Quiet("quiet"));
        await ledger.ExecuteAsync("UPDATE jackpot_state SET status = 'paused', version = version + 1");
        var paused = await home.AskAsync(ledger.Item(jackpot, "k"));
        await ledger.ExecuteAsync("UPDATE jackpot_state SET status = 'active', version = version + 1");

        var resumed = await home.AskAsync(ledger.Item(jackpot, "k"));

        Assert.Equal((RecordedKind.Paused, RecordedKind.Accepted), (paused.Kind, resumed.Kind));
    }

    static async Task DisturbAsync(TestLedger ledger, JackpotEntry jackpot, string disturbance)
    {
        if (disturbance == "another writer")
        {
            await ledger.NewWriter().RecordAsync([ledger.Item(jackpot, "other")], Ct);
        }
        else if (disturbance == "a lost connection")
        {
            await ledger.ExecuteAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");
        }
    }

    /// <summary>A batcher that is this process's own.</summary>
    sealed class Home : IAsyncDisposable, IBatchRecorder
    {
        readonly WorkerThread _commits = new("commits");
        readonly ShardMetrics _metrics = new();
        readonly BatchLoop _turn;
        readonly Batcher _batcher;
        int _answered;

        public Home(TestLedger ledger)
        {
            _turn = new BatchLoop(ledger.NewLedger(), _commits, _metrics, TimeProvider.System);
            _batcher = new Batcher("lane", this, new StoredContributions(ledger.Batchers, ledger.Windows), NullLogger.Instance);
            _batcher.Start();
        }

        public int Answered => Volatile.Read(ref _answered);

        /// <summary>One bet after the other.</summary>
        public async Task<List<RecordedContribution>> PlayAsync(AcceptedContribution[] bets)
        {
            var answers = new List<RecordedContribution>();
            foreach (var bet in bets)
            {
                answers.Add(await AskUntilKnownAsync(bet));
                Interlocked.Increment(ref _answered);
            }

            return answers;
        }

        public async Task<RecordedContribution> AskAsync(AcceptedContribution bet)
        {
            var answers = new PendingAnswers(1);
            Assert.True(_batcher.TryAdd(bet, answers, 0));
            await answers.Task.WaitAsync(TimeSpan.FromSeconds(60), Ct);
            return answers.Answers[0]!;
        }

        /// <summary>As a client does that is told to ask again.</summary>
        async Task<RecordedContribution> AskUntilKnownAsync(AcceptedContribution bet)
        {
            for (var i = 0; i < AskAgainMax; i++)
            {
                if (await AskAsync(bet) is { Kind: RecordedKind.Accepted or RecordedKind.Duplicate } known)
                {
                    return known;
                }
            }

            throw new InvalidOperationException($"A bet was in doubt {AskAgainMax} times.");
        }

        public void Run(Batcher batcher, CancellationToken ct) => _turn.Run(batcher, () => true, ct);

        public void Dispose()
        {
            _commits.Dispose();
            _metrics.Dispose();
        }

        public async ValueTask DisposeAsync()
        {
            await _batcher.DisposeAsync();
        }
    }
}
