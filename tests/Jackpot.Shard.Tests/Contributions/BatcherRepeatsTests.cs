using Jackpot.Ledger.Batching;
using Jackpot.Ledger.Contributions;
using Jackpot.Ledger.Dedupe;
using Jackpot.Ledger.Storage;
using Jackpot.LocalProcesses;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Jackpot.Shard.Tests.Contributions;

public sealed class BatcherRepeatsTests
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_look_up_that_fails_leaves_nobody_unanswered_neither_its_own_nor_those_that_come_later()
    {
        var nobodyListens = $"Host=127.0.0.1;Port={FreePort.Next()};Username=nobody;Timeout=5";
        await using var database = NpgsqlDataSource.Create(nobodyListens);
        await using var batchers = BatchDatabase.Of(nobodyListens);
        var gate = new Lock();
        var stored = new StoredContributions(batchers, new DedupeWindows(database, filterBytesMax: 0));
        await using var repeats = new BatcherRepeats("lane", gate, new RecentKeys(), stored, (in Waiting _) => Assert.Fail("Nothing was found out."), NullLogger.Instance);
        repeats.Start();
        for (var time = 0; time < 2; time++)
        {
            var answers = new PendingAnswers(1);
            lock (gate)
            {
                repeats.Add(new Waiting(new AcceptedContribution { Key16 = Guid.NewGuid() }, new Sender(answers, 0)));
            }

            await answers.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);
            Assert.Equal(RecordedKind.Unavailable, answers.Answers[0]!.Kind);
        }
    }
}
