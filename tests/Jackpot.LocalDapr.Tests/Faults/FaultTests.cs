using System.Text;
using System.Text.Json;
using Dapr.DurableTask.Protobuf;
using Jackpot.LocalDapr.Tests.Running;
using Jackpot.TestKit;
using Microsoft.AspNetCore.Http;

namespace Jackpot.LocalDapr.Tests.Faults;

/// <summary>Each switch breaks a handler that relies on better behaviour than Dapr promises.</summary>
public sealed class FaultTests(PostgresFixture postgres)
{
    const string Subscribe = """[{"pubsubname":"pubsub","topic":"bets","route":"/on-bet"}]""";

    readonly TestSidecar _app = TestSidecar.New("orders");

    [Theory]
    [InlineData("duplicate-message")]
    [InlineData("redeliver-message")]
    public async Task A_handler_that_only_adds_up_counts_one_message_twice(string kind)
    {
        await using var app = await SubscriberAsync();
        await using var node = await StartAsync();
        await SwitchAsync(node, $$"""{"kind":"{{kind}}","timesMax":1}""");
        await PublishAsync(node, 7);
        await Eventually.TrueAsync(() => ValuesOf(app).Sum() == 14);
    }

    [Theory]
    [InlineData("delay-message")]
    [InlineData("reorder-message")]
    public async Task A_handler_that_keeps_the_last_value_keeps_an_old_one(string kind)
    {
        await using var app = await SubscriberAsync();
        await using var node = await StartAsync();
        await SwitchAsync(node, $$"""{"kind":"{{kind}}","timesMax":1,"delayMs":2000}""");
        await PublishAsync(node, 1);
        await PublishAsync(node, 2);
        await Eventually.TrueAsync(() => app.CallsTo("/on-bet").Count == 2);
        Assert.Equal([2, 1], ValuesOf(app));
    }

    [Fact]
    public async Task An_activity_without_an_idempotency_key_takes_effect_twice()
    {
        await using var node = await StartAsync();
        await using var worker = await OneActivityAsync();
        await SwitchAsync(node, """{"kind":"activity-twice","subject":"Work","timesMax":1}""");
        var credits = 0;
        worker.Activity = _ => Interlocked.Increment(ref credits).ToString(System.Globalization.CultureInfo.InvariantCulture);
        await worker.StartInstanceAsync("a");
        Assert.Equal("1", (await worker.EndAsync("a")).Output);
        Assert.Equal(2, credits);
    }

    [Fact]
    public async Task A_worker_that_does_not_repeat_a_lost_completion_leaves_its_instance_hanging_until_it_reconnects()
    {
        await using var node = await StartAsync();
        await using (var naive = await OneActivityAsync())
        {
            await SwitchAsync(node, """{"kind":"drop-completion","subject":"activity","timesMax":1}""");
            await naive.StartInstanceAsync("a");
            await Eventually.TrueAsync(async () => (await RulesAsync(node)).Contains("\"struck\":1", StringComparison.Ordinal));
            Assert.Equal(OrchestrationStatus.Running, await naive.StatusAsync("a"));
        }
        await using var next = await OneActivityAsync();
        Assert.Equal(OrchestrationStatus.Completed, (await next.EndAsync("a")).WorkflowStatus);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Read_then_write_without_a_fence_loses_an_update_when_an_actor_is_active_twice(int replicas)
    {
        var stored = 0;
        var bothInside = new Barrier();
        async Task AddAsync(AppCall _, HttpContext http)
        {
            var read = stored;
            await bothInside.SignalAndWaitAsync(http.RequestAborted);
            stored = read + 1;
        }

        var sidecars = Enumerable.Range(0, replicas).Select(_ => TestSidecar.New("orders")).ToArray();
        var apps = await Task.WhenAll(sidecars.Select(sidecar => TestApp.Create(sidecar.AppPort)
            .On("GET", "/dapr/config", 200, """{"entities":["Counter"]}""").On("PUT", "/actors/Counter/a/method/add", AddAsync).StartAsync()));
        await using var node = await TestNode.StartAsync(await postgres.CreateDatabaseAsync(), sidecars);
        await Task.WhenAll(sidecars.Select(node.AppUpAsync));
        var first = node.SendAsync(sidecars[0], "POST", "/v1.0/actors/Counter/a/method/add", "1");
        await Eventually.TrueAsync(() => apps.Sum(app => app.CallsTo("/actors/Counter/a/method/add").Count) == 1);
        await SwitchAsync(node, """{"kind":"double-activation","subject":"Counter","timesMax":1}""");
        var second = node.SendAsync(sidecars[0], "POST", "/v1.0/actors/Counter/a/method/add", "1");
        Assert.All(await Task.WhenAll(first, second), answer => Assert.Equal(200, answer.Status));
        Assert.Equal(1, stored);
        await Task.WhenAll(apps.Select(app => app.DisposeAsync().AsTask()));
    }

    [Fact]
    public async Task An_app_that_is_cut_off_is_reached_again_afterwards()
    {
        await using var app = await ActorAsync();
        await using var node = await StartAsync();
        var rule = await SwitchAsync(node, """{"kind":"cut-app","appId":"orders"}""");
        await Assert.ThrowsAsync<HttpRequestException>(() => node.SendAsync(_app, "GET", "/v1.0/healthz"));
        Assert.Empty(app.CallsTo("/actors/Counter/a/method/add"));
        using (await node.Http.DeleteAsync($"http://127.0.0.1:{node.AdminPort}/faults/{rule}", TestContext.Current.CancellationToken))
        {
            Assert.Equal(200, (await node.SendAsync(_app, "POST", "/v1.0/actors/Counter/a/method/add", "1")).Status);
        }
    }

    [Fact]
    public async Task While_placement_is_paused_a_call_waits()
    {
        await using var app = await ActorAsync();
        await using var node = await StartAsync();
        await SwitchAsync(node, """{"kind":"pause-placement"}""");
        var call = node.SendAsync(_app, "POST", "/v1.0/actors/Counter/a/method/add", "1");
        // A call that is not paused is answered first, although it was sent later.
        Assert.Equal(204, (await node.SendAsync(_app, "GET", "/v1.0/healthz")).Status);
        Assert.False(call.IsCompleted);
        using (await node.Http.DeleteAsync($"http://127.0.0.1:{node.AdminPort}/faults", TestContext.Current.CancellationToken))
        {
            Assert.Equal(200, (await call).Status);
        }
    }

    [Fact]
    public async Task Placement_that_is_lost_deactivates_every_actor_of_every_replica_and_they_are_activated_again_afterwards()
    {
        var sidecars = new[] { TestSidecar.New("orders"), TestSidecar.New("orders") };
        var apps = await Task.WhenAll(sidecars.Select(sidecar => TestApp.Create(sidecar.AppPort).On("GET", "/dapr/config", 200, """{"entities":["Counter"]}""")
            .On("PUT", "/actors/Counter/", 200).StartAsync()));
        await using var node = await TestNode.StartAsync(await postgres.CreateDatabaseAsync(), sidecars);
        await Task.WhenAll(sidecars.Select(node.AppUpAsync));
        await CallAllAsync();
        var homes = apps.Select(app => Actors(app, "PUT")).ToList();
        Assert.All(homes, Assert.NotEmpty);

        await SwitchAsync(node, """{"kind":"pause-placement"}""");
        await Eventually.TrueAsync(() => apps.All(app => Actors(app, "DELETE").Count == Actors(app, "PUT").Count), what: "every active actor was deactivated");
        Assert.Equal(homes, apps.Select(app => Actors(app, "DELETE")));

        using (await node.Http.DeleteAsync($"http://127.0.0.1:{node.AdminPort}/faults", TestContext.Current.CancellationToken))
        {
            await CallAllAsync();
        }
        await Task.WhenAll(apps.Select(app => app.DisposeAsync().AsTask()));

        async Task CallAllAsync() => Assert.All(
            await Task.WhenAll(Enumerable.Range(0, 20).Select(i => node.SendAsync(sidecars[0], "POST", $"/v1.0/actors/Counter/id{i}/method/add", "1"))),
            answer => Assert.Equal(200, answer.Status));

        static List<string> Actors(TestApp app, string method) =>
            [.. app.Calls.Where(call => call.Method == method).Select(call => call.Path.Split('/')[3]).Distinct().Order(StringComparer.Ordinal)];
    }

    [Theory]
    [InlineData("""{"kind":"unheard-of"}""")]
    [InlineData("""{"kind":"delay-message","probability":2}""")]
    [InlineData("""{"kind":"delay-message","unknown":2}""")]
    public async Task A_rule_that_makes_no_sense_is_refused(string rule)
    {
        await using var node = await StartAsync();
        using var answer = await node.Http.PostAsync($"http://127.0.0.1:{node.AdminPort}/faults", new StringContent(rule, Encoding.UTF8), TestContext.Current.CancellationToken);
        Assert.Equal(400, (int)answer.StatusCode);
        Assert.Equal(404, (await node.SendAsync(_app, "GET", "/faults")).Status);
    }

    Task<TestApp> SubscriberAsync() => TestApp.Create(_app.AppPort).On("GET", "/dapr/subscribe", 200, Subscribe).StartAsync();

    Task<TestApp> ActorAsync() => TestApp.Create(_app.AppPort).On("GET", "/dapr/config", 200, """{"entities":["Counter"]}""").StartAsync();

    async Task<TestNode> StartAsync()
    {
        var node = await TestNode.StartAsync(await postgres.CreateDatabaseAsync(), _app);
        if (await IsAppThereAsync())
        {
            await node.AppUpAsync(_app);
        }
        return node;
    }

    async Task<bool> IsAppThereAsync()
    {
        using var socket = new System.Net.Sockets.TcpClient();
        try
        {
            await socket.ConnectAsync("127.0.0.1", _app.AppPort, TestContext.Current.CancellationToken);
            return true;
        }
        catch (System.Net.Sockets.SocketException)
        {
            return false;
        }
    }

    Task<TestWorker> OneActivityAsync() => new TestWorker(_app)
    {
        Turn = (_, events) => events.FirstOrDefault(e => e.TaskCompleted is not null) is { } done ? [Actions.Complete(1, done.TaskCompleted.Result)]
            : events.Any(e => e.TaskScheduled is not null) ? [] : [Actions.Task(0, "Work")],
    }.StartAsync();

    async Task PublishAsync(TestNode node, int value) =>
        Assert.Equal(204, (await node.SendAsync(_app, "POST", "/v1.0/publish/pubsub/bets", $"{value}")).Status);

    static IEnumerable<int> ValuesOf(TestApp app) => app.CallsTo("/on-bet").Select(call =>
    {
        using var envelope = JsonDocument.Parse(call.Body);
        return envelope.RootElement.GetProperty("data").GetInt32();
    });

    static async Task<int> SwitchAsync(TestNode node, string rule)
    {
        using var answer = await node.Http.PostAsync($"http://127.0.0.1:{node.AdminPort}/faults", new StringContent(rule, Encoding.UTF8), TestContext.Current.CancellationToken);
        Assert.Equal(201, (int)answer.StatusCode);
        using var added = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return added.RootElement.GetProperty("id").GetInt32();
    }

    static Task<string> RulesAsync(TestNode node) => node.Http.GetStringAsync($"http://127.0.0.1:{node.AdminPort}/faults", TestContext.Current.CancellationToken);

    /// <summary>Lets two callers through together, and a lone one never.</summary>
    sealed class Barrier
    {
        readonly TaskCompletionSource _both = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int _inside;

        public Task SignalAndWaitAsync(CancellationToken cancellation)
        {
            if (Interlocked.Increment(ref _inside) == 2)
            {
                _both.SetResult();
            }
            return _both.Task.WaitAsync(cancellation);
        }
    }
}
