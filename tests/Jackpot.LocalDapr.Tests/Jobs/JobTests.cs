using Jackpot.LocalDapr.Tests.Running;
using Jackpot.TestKit;
using Npgsql;

namespace Jackpot.LocalDapr.Tests.Jobs;

public sealed class JobTests(PostgresFixture postgres)
{
    readonly TestSidecar _app = TestSidecar.New("orders");

    [Fact]
    public async Task A_job_fires_with_its_data_and_is_gone_after_its_last_time()
    {
        await using var app = await TestApp.Create(_app.AppPort).On("POST", "/job/hello", 200).StartAsync();
        await using var node = await StartAsync();
        Assert.Equal(204, (await node.SendAsync(_app, "POST", "/v1.0/jobs/hello", """{"schedule":"@every 100ms","repeats":2,"data":{"x":1}}""")).Status);
        await Eventually.TrueAsync(async () => (await node.SendAsync(_app, "GET", "/v1.0/jobs/hello")).Status == 500);
        Assert.Equal(["""{"x":1}""", """{"x":1}"""], app.CallsTo("/job/hello").Select(call => call.Body));
    }

    [Fact]
    public async Task A_job_survives_kill_9()
    {
        await using var app = await TestApp.Create(_app.AppPort).StartAsync();
        await using var node = await StartAsync();
        await node.SendAsync(_app, "POST", "/v1.0/jobs/once", """{"dueTime":"1s"}""");
        await node.KillAndRestartAsync();
        await Eventually.TrueAsync(() => app.CallsTo("/job/once").Count == 1);
    }

    [Theory]
    [InlineData("rule = 'whenever'")]
    [InlineData("retry_interval = '1 month'")]
    public async Task A_stored_job_that_cannot_be_read_is_set_aside_at_the_start_and_the_others_fire(string change)
    {
        await using var app = await TestApp.Create(_app.AppPort).On("POST", "/job/good", 200).StartAsync();
        await using var node = await StartAsync();
        await node.SendAsync(_app, "POST", "/v1.0/jobs/bad", """{"dueTime":"1h"}""");
        await node.SendAsync(_app, "POST", "/v1.0/jobs/good", """{"schedule":"@every 500ms"}""");
        await using (var database = NpgsqlDataSource.Create(node.ConnectionString))
        {
            await using var command = database.CreateCommand($"UPDATE localdapr.schedule SET {change} WHERE name = 'bad'");
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        await node.KillAndRestartAsync();

        var before = app.CallsTo("/job/good").Count;
        await Eventually.TrueAsync(() => app.CallsTo("/job/good").Count > before, TimeSpan.FromSeconds(30), "the good one fires");
        await node.Process.PrintedAsync("The stored schedule bad cannot be read", TimeSpan.FromSeconds(30));
        Assert.Equal(204, (await node.SendAsync(_app, "DELETE", "/v1.0/jobs/bad")).Status);
    }

    [Fact]
    public async Task A_failing_tick_is_tried_three_more_times_and_404_counts_as_done()
    {
        await using var app = await TestApp.Create(_app.AppPort).On("POST", "/job/bad", 500).On("POST", "/job/none", 404).StartAsync();
        await using var node = await StartAsync();
        await node.SendAsync(_app, "POST", "/v1.0/jobs/bad", """{"dueTime":"0s","failurePolicy":{"constant":{"interval":"0.01s","maxRetries":3}}}""");
        await node.SendAsync(_app, "POST", "/v1.0/jobs/none", """{"dueTime":"0s"}""");
        await Eventually.TrueAsync(async () => (await node.SendAsync(_app, "GET", "/v1.0/jobs/bad")).Status == 500 && (await node.SendAsync(_app, "GET", "/v1.0/jobs/none")).Status == 500);
        Assert.Equal(4, app.CallsTo("/job/bad").Count);
        Assert.Single(app.CallsTo("/job/none"));
    }

    [Theory]
    [InlineData("{}", 400, "DAPR_SCHEDULER_SCHEDULE_EMPTY")]
    [InlineData("""{"name":"x","dueTime":"1h"}""", 400, "ERR_MALFORMED_REQUEST")]
    [InlineData("""{"schedule":"* * * * *"}""", 400, "expected exactly 6 fields")]
    public async Task A_bad_job_is_refused(string body, int status, string text)
    {
        await using var node = await TestNode.StartAsync(await postgres.CreateDatabaseAsync(), _app);
        var answer = await node.SendAsync(_app, "POST", "/v1.0/jobs/x", body);
        Assert.Equal(status, answer.Status);
        Assert.Contains(text, answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_job_of_the_same_name_is_409_unless_it_may_overwrite()
    {
        await using var node = await TestNode.StartAsync(await postgres.CreateDatabaseAsync(), _app);
        Assert.Equal(204, (await node.SendAsync(_app, "POST", "/v1.0/jobs/x", """{"dueTime":"1h"}""")).Status);
        Assert.Equal(409, (await node.SendAsync(_app, "POST", "/v1.0/jobs/x", """{"dueTime":"1h"}""")).Status);
        Assert.Equal(204, (await node.SendAsync(_app, "POST", "/v1.0/jobs/x", """{"dueTime":"2h","overwrite":true}""")).Status);
        Assert.Equal(204, (await node.SendAsync(_app, "DELETE", "/v1.0/jobs/x")).Status);
    }

    [Fact]
    public async Task A_job_that_is_deleted_while_its_tick_runs_does_not_fire_again()
    {
        const int Jobs = 60;
        await using var app = await TestApp.Create(_app.AppPort).StartAsync();
        await using var node = await StartAsync();
        string[] names = [.. Enumerable.Range(0, Jobs).Select(i => $"j{i}")];
        foreach (var name in names)
        {
            await node.SendAsync(_app, "POST", "/v1.0/jobs/" + name, """{"schedule":"@every 500ms"}""");
        }

        // Each is deleted right after its tick reached the app, which is about when the next one is written down.
        await Task.WhenAll(names.Select(async name =>
        {
            await Eventually.TrueAsync(() => app.CallsTo("/job/" + name).Count > 0);
            await node.SendAsync(_app, "DELETE", "/v1.0/jobs/" + name);
        }));
        await PassAsync("100ms");
        var ticks = names.Sum(name => app.CallsTo("/job/" + name).Count);
        await PassAsync("1200ms");

        Assert.Equal(ticks, names.Sum(name => app.CallsTo("/job/" + name).Count));

        async Task PassAsync(string time)
        {
            await node.SendAsync(_app, "POST", "/v1.0/jobs/after-" + time, $$"""{"dueTime":"{{time}}"}""");
            await Eventually.TrueAsync(() => app.CallsTo("/job/after-" + time).Count == 1);
        }
    }

    async Task<TestNode> StartAsync()
    {
        var node = await TestNode.StartAsync(await postgres.CreateDatabaseAsync(), _app);
        await node.AppUpAsync(_app);
        return node;
    }
}
