using System.Net;
using System.Net.Sockets;
using Jackpot.LocalDapr.Tests.Running;
using Jackpot.TestKit;

namespace Jackpot.LocalDapr.Tests.Sidecars;

public sealed class ProcessTests(PostgresFixture postgres)
{
    readonly TestSidecar _app = TestSidecar.New("orders");

    [Fact]
    public async Task It_ends_with_code_0_when_asked_to_stop()
    {
        await using var node = await TestNode.StartAsync(await postgres.CreateDatabaseAsync(), _app);
        Assert.Equal(0, await node.Process.StopAsync());
    }

    [Fact]
    public async Task A_port_in_use_ends_it_with_code_3_and_one_line()
    {
        using var holder = new TcpListener(IPAddress.Loopback, _app.HttpPort);
        holder.Start();
        await Assert.ThrowsAnyAsync<Exception>(async () => await TestNode.StartAsync(await postgres.CreateDatabaseAsync(), node => _node = node, _app));
        await Eventually.TrueAsync(() => _node!.Process.HasExited);
        Assert.Equal(3, _node!.Process.ExitCode);
        Assert.Contains($"127.0.0.1:{_app.HttpPort}", _node.Process.Output, StringComparison.Ordinal);
        await _node.DisposeAsync();
    }

    [Fact]
    public async Task Health_waits_for_the_app_and_outbound_health_does_not()
    {
        await using var node = await TestNode.StartAsync(await postgres.CreateDatabaseAsync(), _app);
        Assert.Equal(204, (await node.SendAsync(_app, "GET", "/v1.0/healthz/outbound")).Status);
        Assert.Equal(500, (await node.SendAsync(_app, "GET", "/v1.0/healthz")).Status);
        await using var app = await TestApp.Create(_app.AppPort).StartAsync();
        await Eventually.TrueAsync(async () => (await node.SendAsync(_app, "GET", "/v1.0/healthz")).Status == 204);
        await node.AppUpAsync(_app);
        Assert.Single(app.CallsTo("/dapr/config"));
    }

    [Fact]
    public async Task Actors_of_an_unhealthy_app_move_to_its_replica_and_config_is_asked_once()
    {
        var replica = TestSidecar.New("orders");
        foreach (var sidecar in new[] { _app, replica })
        {
            sidecar.More["enableAppHealthCheck"] = true;
            sidecar.More["appHealthProbeIntervalSeconds"] = 1;
            sidecar.More["appHealthThreshold"] = 1;
        }
        var healthy = true;
        await using var first = await Actors(_app).On("GET", "/healthz", (_, http) =>
        {
            http.Response.StatusCode = healthy ? 200 : 500;
            return Task.CompletedTask;
        }).StartAsync();
        await using var second = await Actors(replica).StartAsync();
        await using var node = await TestNode.StartAsync(await postgres.CreateDatabaseAsync(), _app, replica);
        await Task.WhenAll(node.AppUpAsync(_app), node.AppUpAsync(replica));
        await CallAllAsync(node);
        Assert.Contains(first.Calls, call => call.Method == "PUT");
        healthy = false;
        await node.Process.PrintedAsync("orders is unhealthy");
        await Eventually.TrueAsync(() => first.Calls.Any(call => call.Method == "DELETE") || second.Calls.Any(call => call.Method == "PUT"));
        await CallAllAsync(node);
        Assert.Equal(20, second.Calls.Where(call => call.Method == "PUT").Select(call => call.Path).Distinct().Count());
        healthy = true;
        await Eventually.TrueAsync(() => node.Process.Output.Split($"{_app.AppPort} is up").Length == 3);
        Assert.Single(first.CallsTo("/dapr/config"));
    }

    [Fact]
    public async Task Metrics_count_actor_calls_and_messages()
    {
        await using var app = await Actors(_app).StartAsync();
        await using var node = await TestNode.StartAsync(await postgres.CreateDatabaseAsync(), _app);
        await node.AppUpAsync(_app);
        await node.SendAsync(_app, "POST", "/v1.0/actors/Counter/a/method/add", "1");
        await node.SendAsync(_app, "POST", "/v1.0/publish/pubsub/bets", "1");
        var metrics = await node.Http.GetStringAsync($"http://127.0.0.1:{node.AdminPort}/metrics", TestContext.Current.CancellationToken);
        Assert.Contains("dapr_runtime_actor_invoke_seconds_count{app_id=\"orders\",name=\"Counter\",success=\"true\"} 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("dapr_component_pubsub_egress_seconds_count{app_id=\"orders\",name=\"bets\",success=\"true\"} 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("service_name=\"jackpot-localdapr\"", metrics, StringComparison.Ordinal);
        await Promtool.AcceptsAsync(metrics, TestContext.Current.CancellationToken);
    }

    TestNode? _node;

    static TestApp Actors(TestSidecar sidecar) => TestApp.Create(sidecar.AppPort).On("GET", "/dapr/config", 200, """{"entities":["Counter"]}""");

    async Task CallAllAsync(TestNode node)
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => node.SendAsync(_app, "POST", $"/v1.0/actors/Counter/id{i}/method/add", "1")));
        Assert.All(answers, answer => Assert.Equal(200, answer.Status));
    }
}
