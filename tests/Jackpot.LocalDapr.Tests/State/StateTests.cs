using Jackpot.LocalDapr.Tests.Running;
using Jackpot.TestKit;
using Npgsql;

namespace Jackpot.LocalDapr.Tests.State;

public sealed class StateTests(PostgresFixture postgres)
{
    readonly TestSidecar _app = TestSidecar.New("orders");

    [Fact]
    public async Task A_saved_value_is_read_back_with_an_etag()
    {
        await using var node = await StartAsync();
        Assert.Equal(204, (await node.SendAsync(_app, "POST", "/v1.0/state/statestore", """[{"key":"a","value":{"n":1}}]""")).Status);
        using var answer = await node.AnswerAsync(_app, "GET", "/v1.0/state/statestore/a");
        Assert.Equal("""{"n":1}""", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.NotEmpty(answer.Headers.GetValues("ETag").Single());
    }

    [Fact]
    public async Task A_missing_key_is_204()
    {
        await using var node = await StartAsync();
        Assert.Equal((204, ""), await node.SendAsync(_app, "GET", "/v1.0/state/statestore/none"));
    }

    [Fact]
    public async Task An_old_etag_is_409_alone_and_500_in_a_transaction()
    {
        await using var node = await StartAsync();
        await node.SendAsync(_app, "POST", "/v1.0/state/statestore", """[{"key":"a","value":1}]""");
        using var first = await node.AnswerAsync(_app, "GET", "/v1.0/state/statestore/a");
        var old = first.Headers.GetValues("ETag").Single();
        await node.SendAsync(_app, "POST", "/v1.0/state/statestore", """[{"key":"a","value":2}]""");
        Assert.Equal(409, (await node.SendAsync(_app, "POST", "/v1.0/state/statestore", $$"""[{"key":"a","value":3,"etag":"{{old}}"}]""")).Status);
        Assert.Equal(409, (await node.SendAsync(_app, "DELETE", "/v1.0/state/statestore/a", null, "", ("If-Match", old))).Status);
        var transaction = await node.SendAsync(_app, "POST", "/v1.0/state/statestore/transaction",
            $$$"""{"operations":[{"operation":"upsert","request":{"key":"b","value":1}},{"operation":"upsert","request":{"key":"a","value":3,"etag":"{{{old}}}"}}]}""");
        Assert.Equal(500, transaction.Status);
        Assert.Contains("ERR_STATE_TRANSACTION", transaction.Body, StringComparison.Ordinal);
        Assert.Equal((204, ""), await node.SendAsync(_app, "GET", "/v1.0/state/statestore/b"));
        Assert.Equal((200, "2"), await node.SendAsync(_app, "GET", "/v1.0/state/statestore/a"));
    }

    [Fact]
    public async Task First_write_inserts_once_and_then_fails_as_it_does_on_PostgreSQL()
    {
        await using var node = await StartAsync();
        const string Insert = """[{"key":"a","value":1,"options":{"concurrency":"first-write"}}]""";
        Assert.Equal(204, (await node.SendAsync(_app, "POST", "/v1.0/state/statestore", Insert)).Status);
        Assert.Equal(500, (await node.SendAsync(_app, "POST", "/v1.0/state/statestore", Insert)).Status);
    }

    [Fact]
    public async Task Bulk_get_answers_every_key_in_order()
    {
        await using var node = await StartAsync();
        await node.SendAsync(_app, "POST", "/v1.0/state/statestore", """[{"key":"a","value":1},{"key":"b","value":"x"}]""");
        var (status, body) = await node.SendAsync(_app, "POST", "/v1.0/state/statestore/bulk", """{"keys":["b","none","a"]}""");
        Assert.Equal(200, status);
        Assert.Matches("""^\[\{"key":"b","data":"x","etag":"[^"]+"\},\{"key":"none"\},\{"key":"a","data":1,"etag":"[^"]+"\}\]$""", body);
    }

    [Theory]
    [InlineData("GET", "/v1.0/state/nothere/a", null, 400, "ERR_STATE_STORE_NOT_FOUND")]
    [InlineData("GET", "/v1.0/state/statestore/a||b", null, 400, "ERR_MALFORMED_REQUEST")]
    [InlineData("POST", "/v1.0/state/statestore", """[{"key":"","value":1}]""", 400, "ERR_MALFORMED_REQUEST")]
    [InlineData("POST", "/v1.0/state/statestore", """[{"key":"a","value":1,"etag":"notauuid"}]""", 400, "ERR_STATE_SAVE")]
    [InlineData("POST", "/v1.0/state/statestore/transaction", """{"operations":[{"operation":"merge","request":{"key":"a"}}]}""", 400, "ERR_MALFORMED_REQUEST")]
    public async Task A_bad_request_is_refused(string method, string path, string? body, int status, string code)
    {
        await using var node = await StartAsync();
        var answer = await node.SendAsync(_app, method, path, body);
        Assert.Equal(status, answer.Status);
        Assert.Contains(code, answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_apps_do_not_see_each_others_keys()
    {
        var other = TestSidecar.New("billing");
        await using var node = await TestNode.StartAsync(await postgres.CreateDatabaseAsync(), _app, other);
        await node.SendAsync(_app, "POST", "/v1.0/state/statestore", """[{"key":"a","value":1}]""");
        Assert.Equal((204, ""), await node.SendAsync(other, "GET", "/v1.0/state/statestore/a"));
    }

    [Fact]
    public async Task Expired_rows_go_with_the_next_write_that_has_a_time_to_live()
    {
        var connection = await postgres.CreateDatabaseAsync();
        await using var node = await TestNode.StartAsync(connection, _app);
        await node.SendAsync(_app, "POST", "/v1.0/state/statestore", """[{"key":"old","value":1,"metadata":{"ttlInSeconds":"1"}},{"key":"plain","value":1}]""");
        await Eventually.TrueAsync(async () => (await node.SendAsync(_app, "GET", "/v1.0/state/statestore/old")).Status == 204);

        await node.SendAsync(_app, "POST", "/v1.0/state/statestore", """[{"key":"new","value":1,"metadata":{"ttlInSeconds":"60"}}]""");

        await using var database = NpgsqlDataSource.Create(connection);
        await using var keys = database.CreateCommand("SELECT string_agg(split_part(key, '||', 2), ' ' ORDER BY key) FROM state");
        Assert.Equal("new plain", await keys.ExecuteScalarAsync(TestContext.Current.CancellationToken));
    }

    async Task<TestNode> StartAsync() => await TestNode.StartAsync(await postgres.CreateDatabaseAsync(), _app);
}
