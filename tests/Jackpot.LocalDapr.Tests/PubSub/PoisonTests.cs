using System.Text.Json;
using Jackpot.LocalDapr.Tests.Running;
using Jackpot.TestKit;

namespace Jackpot.LocalDapr.Tests.PubSub;

public sealed class PoisonTests(PostgresFixture postgres)
{
    const string InBulk = """
        [{"pubsubname":"pubsub","topic":"bets","route":"/on-bets","deadLetterTopic":"dead","bulkSubscribe":{"enabled":true,"maxMessagesCount":100,"maxAwaitDurationMs":50}},
         {"pubsubname":"pubsub","topic":"dead","route":"/on-dead"}]
        """;

    readonly TestSidecar _app = TestSidecar.New("orders");

    [Theory]
    [InlineData("no JSON at all")]
    [InlineData("{\"id\":\"e\",\"data\":")]
    [InlineData("{} {}")]
    public async Task A_message_that_is_no_event_goes_to_the_dead_letters_alone(string poison)
    {
        await using var app = await TestApp.Create(_app.AppPort).On("GET", "/dapr/subscribe", 200, InBulk)
            .On("POST", "/on-bets", 200, """{"statuses":[{"entryId":"0","status":"SUCCESS"},{"entryId":"1","status":"SUCCESS"},{"entryId":"2","status":"SUCCESS"}]}""").StartAsync();
        await using var node = await TestNode.StartAsync(await postgres.CreateDatabaseAsync(), _app);
        await node.AppUpAsync(_app);
        await node.SendAsync(_app, "POST", "/v1.0/publish/pubsub/bets", "1");
        await node.SendAsync(_app, "POST", "/v1.0/publish/pubsub/bets?metadata.rawPayload=true", poison);
        await node.SendAsync(_app, "POST", "/v1.0/publish/pubsub/bets", "2");

        await using var database = Npgsql.NpgsqlDataSource.Create(node.ConnectionString);
        await Eventually.TrueAsync(async () =>
        {
            await using var count = database.CreateCommand("SELECT count(*) FROM localdapr.message WHERE topic = 'bets'");
            return (long)(await count.ExecuteScalarAsync())! == 0;
        }, TimeSpan.FromSeconds(30), "an empty message table");
        var delivered = app.CallsTo("/on-bets").SelectMany(call => JsonElement.Parse(call.Body).GetProperty("entries").EnumerateArray()).Select(entry => entry.GetProperty("event").GetProperty("data").GetInt32());
        Assert.Equal([1, 2], delivered.Order());
    }

    [Theory]
    [InlineData("POST", "/v1.0/publish/bulk/pubsub/bets", """[{"entryId":"1","event":1,"contentType":7}]""")]
    [InlineData("POST", "/v1.0/publish/bulk/pubsub/bets", """[7]""")]
    [InlineData("POST", "/v1.0/publish/bulk/pubsub/bets", """[{"entryId":"\ud800","event":1}]""")]
    [InlineData("POST", "/v1.0/state/statestore", """[7]""")]
    [InlineData("POST", "/v1.0/state/statestore", """[{"key":"\ud800","value":1}]""")]
    [InlineData("POST", "/v1.0/state/statestore", """[{"key":"a\u0000b","value":1}]""")]
    [InlineData("POST", "/v1.0/state/statestore", """[{"key":"k","value":1,"options":{"concurrency":7}}]""")]
    [InlineData("POST", "/v1.0/state/statestore/bulk", """{"keys":7}""")]
    [InlineData("POST", "/v1.0/state/statestore/bulk", """{"keys":[7]}""")]
    [InlineData("POST", "/v1.0/state/statestore/bulk", """[]""")]
    [InlineData("POST", "/v1.0/state/statestore/transaction", """{"operations":[7]}""")]
    [InlineData("POST", "/v1.0/state/statestore/transaction", """{"operations":[{"operation":7,"request":{"key":"k"}}]}""")]
    [InlineData("POST", "/v1.0/jobs/j", """{"schedule":"@every 1h","repeats":"x"}""")]
    [InlineData("POST", "/v1.0/jobs/j", """{"dueTime":"99999999h"}""")]
    [InlineData("POST", "/v1.0/jobs/j", """{"dueTime":"04:03"}""")]
    [InlineData("POST", "/v1.0/jobs/j", """{"dueTime":"2027-01-31T12:00:00"}""")]
    [InlineData("POST", "/v1.0/jobs/j", """{"dueTime":"2027-01-31"}""")]
    [InlineData("POST", "/v1.0/jobs/j", """7""")]
    public async Task A_body_that_cannot_be_read_is_a_bad_request(string verb, string path, string body)
    {
        await using var app = await TestApp.Create(_app.AppPort).On("GET", "/dapr/subscribe", 200, "[]").StartAsync();
        await using var node = await TestNode.StartAsync(await postgres.CreateDatabaseAsync(), _app);
        await node.AppUpAsync(_app);
        var (status, answer) = await node.SendAsync(_app, verb, path, body);
        Assert.True(status == 400, $"{status} {answer}");
    }
}
