using Jackpot.LocalDapr.Tests.Running;
using Jackpot.TestKit;
using Microsoft.AspNetCore.Http;

namespace Jackpot.LocalDapr.Tests.Actors;

public sealed class ActorTests(PostgresFixture postgres)
{
    readonly TestSidecar _app = TestSidecar.New("orders");

    [Fact]
    public async Task A_call_reaches_the_app_as_PUT_with_body_query_and_headers()
    {
        await using var app = await AppAsync(app => app.On("PUT", "/actors/Counter/a/method/add", 200, "42"));
        await using var node = await StartAsync();
        var answer = await node.SendAsync(_app, "POST", "/v1.0/actors/Counter/a/method/add?x=1", """{"by":2}""", "application/json", ("X-Mine", "yes"));
        Assert.Equal((200, "42"), answer);
        var call = app.CallsTo("/actors/Counter/a/method/add").Single();
        Assert.Equal(("PUT", "?x=1", """{"by":2}""", "yes"), (call.Method, call.Query, call.Body, call.Headers["X-Mine"]));
    }

    [Theory]
    [InlineData(201)]
    [InlineData(204)]
    [InlineData(404)]
    [InlineData(500)]
    public async Task Only_exactly_200_is_a_success(int status)
    {
        await using var app = await AppAsync(app => app.On("PUT", "/actors/Counter/a/method/add", async (_, http) =>
        {
            http.Response.StatusCode = status;
            await Task.CompletedTask;
        }));
        await using var node = await StartAsync();
        var answer = await node.SendAsync(_app, "POST", "/v1.0/actors/Counter/a/method/add", "1");
        Assert.Equal(500, answer.Status);
        Assert.Contains("ERR_ACTOR_INVOKE_METHOD", answer.Body, StringComparison.Ordinal);
        Assert.Single(app.CallsTo("/actors/Counter/a/method/add"));
    }

    [Fact]
    public async Task The_error_header_passes_with_200()
    {
        await using var app = await AppAsync(app => app.On("PUT", "/actors/Counter/a/method/add", async (_, http) =>
        {
            http.Response.StatusCode = 418;
            http.Response.Headers["X-DaprErrorResponseHeader"] = "mine";
            await http.Response.WriteAsync("broken");
        }));
        await using var node = await StartAsync();
        using var answer = await node.AnswerAsync(_app, "POST", "/v1.0/actors/Counter/a/method/add", "1");
        Assert.Equal(200, (int)answer.StatusCode);
        Assert.Equal("mine", answer.Headers.GetValues("X-DaprErrorResponseHeader").Single());
        Assert.Equal("broken", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Turns_of_one_actor_never_overlap()
    {
        int running = 0, most = 0;
        await using var app = await AppAsync(app => app.On("PUT", "/actors/Counter/a/method/add", async (_, _) =>
        {
            most = Math.Max(most, Interlocked.Increment(ref running));
            await Task.Yield();
            Interlocked.Decrement(ref running);
        }));
        await using var node = await StartAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => node.SendAsync(_app, "POST", "/v1.0/actors/Counter/a/method/add", "1")));
        Assert.All(answers, answer => Assert.Equal(200, answer.Status));
        Assert.Equal(1, most);
    }

    [Fact]
    public async Task Actors_spread_over_replicas_and_any_sidecar_reaches_them()
    {
        var replica = TestSidecar.New("orders");
        await using var first = await AppAsync(app => app.On("PUT", "/actors/Counter/", 200));
        await using var second = await AppAsync(app => app.On("PUT", "/actors/Counter/", 200), replica);
        await using var node = await TestNode.StartAsync(await postgres.CreateDatabaseAsync(), _app, replica);
        await Task.WhenAll(node.AppUpAsync(_app), node.AppUpAsync(replica));
        foreach (var sidecar in new[] { _app, replica })
        {
            await Task.WhenAll(Enumerable.Range(0, 40).Select(i => node.SendAsync(sidecar, "POST", $"/v1.0/actors/Counter/id{i}/method/add", "1")));
        }
        var (here, there) = (Ids(first), Ids(second));
        Assert.Empty(here.Intersect(there));
        Assert.Equal(40, here.Count + there.Count);
        Assert.All([here, there], ids => Assert.InRange(ids.Count, 8, 32));
    }

    [Fact]
    public async Task An_idle_actor_is_deactivated()
    {
        await using var app = await AppAsync(app => app.On("GET", "/dapr/config", 200, """{"entities":["Counter"],"actorIdleTimeout":"1s"}""").On("PUT", "/actors/Counter/", 200));
        await using var node = await StartAsync();
        await node.SendAsync(_app, "POST", "/v1.0/actors/Counter/a/method/add", "1");
        await Eventually.TrueAsync(() => app.Calls.Any(call => call is { Method: "DELETE", Path: "/actors/Counter/a" }));
    }

    [Fact]
    public async Task A_reminder_fires_and_survives_kill_9()
    {
        await using var app = await AppAsync(app => app.On("PUT", "/actors/Counter/a/method/remind/", 200));
        await using var node = await StartAsync();
        Assert.Equal((204, ""), await node.SendAsync(_app, "POST", "/v1.0/actors/Counter/a/reminders/soon", """{"dueTime":"2s","data":{"x":1}}"""));
        await node.KillAndRestartAsync();
        await Eventually.TrueAsync(() => app.CallsTo("/actors/Counter/a/method/remind/soon").Count == 1);
        Assert.Equal("""{"data":{"x":1},"dueTime":"","period":""}""", app.CallsTo("/actors/Counter/a/method/remind/soon")[0].Body);
        await Eventually.TrueAsync(async () => (await node.SendAsync(_app, "GET", "/v1.0/actors/Counter/a/reminders/soon")).Status == 404);
    }

    [Fact]
    public async Task A_timer_of_an_actor_that_is_not_active_fires_repeatedly_until_it_is_deleted()
    {
        await using var app = await AppAsync(app => app.On("PUT", "/actors/Counter/a/", 200));
        await using var node = await StartAsync();
        Assert.Equal(204, (await node.SendAsync(_app, "POST", "/v1.0/actors/Counter/a/timers/t", """{"dueTime":"10ms","period":"10ms","callback":"tick","data":"d"}""")).Status);
        await Eventually.TrueAsync(() => app.CallsTo("/actors/Counter/a/method/timer/t").Count >= 3);
        Assert.Equal("""{"callback":"tick","data":"d","dueTime":"10ms","period":"10ms"}""", app.CallsTo("/actors/Counter/a/method/timer/t")[0].Body);
        Assert.Equal(204, (await node.SendAsync(_app, "DELETE", "/v1.0/actors/Counter/a/timers/t")).Status);
    }

    [Fact]
    public async Task A_transaction_of_actor_state_needs_an_active_actor_and_reading_does_not()
    {
        await using var app = await AppAsync(app => app.On("PUT", "/actors/Counter/a/", 200));
        await using var node = await StartAsync();
        Assert.Equal((204, ""), await node.SendAsync(_app, "GET", "/v1.0/actors/Counter/a/state/n"));
        Assert.Equal(400, (await node.SendAsync(_app, "POST", "/v1.0/actors/Counter/a/state", """[{"operation":"upsert","request":{"key":"n","value":7}}]""")).Status);
        await node.SendAsync(_app, "POST", "/v1.0/actors/Counter/a/method/add", "1");
        Assert.Equal((204, ""), await node.SendAsync(_app, "GET", "/v1.0/actors/Counter/a/state/n"));
        Assert.Equal(204, (await node.SendAsync(_app, "POST", "/v1.0/actors/Counter/a/state", """[{"operation":"upsert","request":{"key":"n","value":7}},{"operation":"delete","request":{"key":"m"}}]""")).Status);
        Assert.Equal((200, "7"), await node.SendAsync(_app, "GET", "/v1.0/actors/Counter/a/state/n"));
    }

    [Fact]
    public async Task A_type_nobody_hosts_is_an_error_after_the_built_in_retries()
    {
        await using var app = await AppAsync(_ => { });
        await using var node = await StartAsync();
        var answer = await node.SendAsync(_app, "POST", "/v1.0/actors/Unknown/a/method/add", "1");
        Assert.Equal(500, answer.Status);
        Assert.Contains("did not find address for actor", answer.Body, StringComparison.Ordinal);
    }

    async Task<TestApp> AppAsync(Action<TestApp> prepare, TestSidecar? sidecar = null)
    {
        var app = TestApp.Create((sidecar ?? _app).AppPort).On("GET", "/dapr/config", 200, """{"entities":["Counter"]}""");
        prepare(app);
        return await app.StartAsync();
    }

    async Task<TestNode> StartAsync()
    {
        var node = await TestNode.StartAsync(await postgres.CreateDatabaseAsync(), _app);
        await node.AppUpAsync(_app);
        return node;
    }

    static HashSet<string> Ids(TestApp app) => [.. app.Calls.Where(call => call.Method == "PUT").Select(call => call.Path.Split('/')[3])];
}
