using System.Collections.Concurrent;
using Dapr.DurableTask.Protobuf;
using Grpc.Core;
using Jackpot.LocalDapr.Tests.Running;
using Jackpot.TestKit;

namespace Jackpot.LocalDapr.Tests.Workflows;

/// <summary>kill -9 while many instances run: none is lost, none ends with a wrong result, no activity is skipped.</summary>
public sealed class CrashTests(PostgresFixture postgres, ITestOutputHelper output)
{
    const int Instances = 100;
    const int Steps = 5;
    const int Kills = 3;

    readonly TestSidecar _app = TestSidecar.New("orders");

    [Fact]
    public async Task A_hundred_instances_survive_three_kills()
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var effects = new ConcurrentDictionary<(string Instance, int Step), int>();
        await using var node = await TestNode.StartAsync(await postgres.CreateDatabaseAsync(), _app);
        await using var worker = new TestWorker(_app)
        {
            Activity = activity =>
            {
                effects.AddOrUpdate((activity.WorkflowInstance.InstanceId, activity.TaskId), 1, (_, times) => times + 1);
                return $"{activity.TaskId + 1}";
            },
            Turn = (_, events) => Next(events),
        };
        await worker.StartAsync();
        var starts = Task.WhenAll(Enumerable.Range(0, Instances).Select(i => StartAsync(worker, $"i{i}")));
        for (var kill = 0; kill < Kills; kill++)
        {
            var before = effects.Count;
            var after = random.Next(20, 120);
            await Eventually.TrueAsync(() => effects.Count >= Math.Min(before + after, Instances * Steps));
            await node.KillAndRestartAsync();
        }
        await starts;
        for (var i = 0; i < Instances; i++)
        {
            var id = $"i{i}";
            await Eventually.TrueAsync(async () => await worker.StatusAsync(id) == OrchestrationStatus.Completed, TimeSpan.FromSeconds(60), id);
            Assert.Equal($"{Steps}", (await worker.EndAsync(id)).Output);
        }
        Assert.Equal(Instances * Steps, effects.Count);
        output.WriteLine($"{effects.Values.Count(times => times > 1)} of {effects.Count} activities ran more than once");
    }

    static IEnumerable<WorkflowAction> Next(IReadOnlyList<HistoryEvent> events)
    {
        var scheduled = events.Count(e => e.TaskScheduled is not null);
        var done = events.Count(e => e.TaskCompleted is not null);
        return scheduled > done ? [] : done < Steps ? [Actions.Task(done, $"Step{done}")] : [Actions.Complete(done, events.Last(e => e.TaskCompleted is not null).TaskCompleted.Result)];
    }

    /// <summary>A start whose answer was lost is asked for again, as a client must: an active id says that it had arrived.</summary>
    static async Task StartAsync(TestWorker worker, string id)
    {
        await Eventually.TrueAsync(async () =>
        {
            try
            {
                await worker.StartInstanceAsync(id);
                return true;
            }
            catch (RpcException refused) when (refused.StatusCode == StatusCode.AlreadyExists)
            {
                return true;
            }
        }, TimeSpan.FromSeconds(60), $"the start of {id}");
    }
}
