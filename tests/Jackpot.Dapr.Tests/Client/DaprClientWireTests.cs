using System.Text;
using Jackpot.Dapr.Client;
using Jackpot.Dapr.Subscriptions;

namespace Jackpot.Dapr.Tests.Client;

public sealed class DaprClientWireTests : IAsyncLifetime
{
    StubSidecar _sidecar = null!;
    DaprClient _client = null!;

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _sidecar = await StubSidecar.StartAsync();
        _client = _sidecar.NewClient("token-1");
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _sidecar.DisposeAsync();
    }

    [Fact]
    public async Task Publish_posts_json_with_metadata_in_the_query_and_the_token_in_a_header()
    {
        await _client.PublishEventAsync("bus", "orders/new", new { Id = 1 }, new Dictionary<string, string> { ["cloudevent.id"] = "e 1" }, Ct);

        var seen = _sidecar.Only;
        Assert.Equal("""POST /v1.0/publish/bus/orders/new?metadata.cloudevent.id=e%201 {"id":1}""", Line(seen));
        Assert.Equal("application/json", seen.Headers["Content-Type"]);
        Assert.Equal("token-1", seen.Headers["dapr-api-token"]);
    }

    [Fact]
    public async Task Cloud_event_is_published_as_itself()
    {
        await _client.PublishEventAsync("bus", "t", new CloudEvent<int> { Id = "1", Source = "s", Data = 5 }, cancellationToken: Ct);

        Assert.Equal("application/cloudevents+json", _sidecar.Only.Headers["Content-Type"]);
        Assert.Contains("\"specversion\":\"1.0\"", _sidecar.Only.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bytes_are_published_with_their_content_type()
    {
        await _client.PublishByteEventAsync("bus", "t", new byte[] { 1, 2 }, "application/x-thing", cancellationToken: Ct);

        Assert.Equal("application/x-thing", _sidecar.Only.Headers["Content-Type"]);
        Assert.Equal([1, 2], _sidecar.Only.BodyBytes);
    }

    [Fact]
    public async Task Bulk_publish_tells_which_entries_failed()
    {
        _sidecar.Answer = _ => new StubAnswer(500, """{"failedEntries":[{"entryId":"1","error":"full"}],"errorCode":"ERR_PUBSUB_PUBLISH_MESSAGE"}""");

        var answer = await _client.BulkPublishEventAsync("bus", "t", ["a", "b"], cancellationToken: Ct);

        Assert.Equal(
            """POST /v1.0/publish/bulk/bus/t [{"entryId":"0","event":"a","contentType":"application/json"},{"entryId":"1","event":"b","contentType":"application/json"}]""", Line(_sidecar.Only));
        var failed = Assert.Single(answer.FailedEntries);
        Assert.Equal("b", failed.Entry.Event);
        Assert.Equal("full", failed.ErrorMessage);
    }

    [Fact]
    public async Task Json_that_is_written_already_is_published_to_the_letter()
    {
        await _client.BulkPublishEventAsync("bus", "t", [new JsonText("""{"amount": 2.00}"""), new JsonText("[1]")], cancellationToken: Ct);

        Assert.Equal(
            """POST /v1.0/publish/bulk/bus/t [{"entryId":"0","event":{"amount": 2.00},"contentType":"application/json"},{"entryId":"1","event":[1],"contentType":"application/json"}]""", Line(_sidecar.Only));
    }

    [Fact]
    public async Task Missing_state_is_default_and_an_empty_etag()
    {
        var (value, etag) = await _client.GetStateAndETagAsync<string>("store", "k", ConsistencyMode.Strong, cancellationToken: Ct);

        Assert.Equal("GET /v1.0/state/store/k?consistency=strong ", Line(_sidecar.Only));
        Assert.Null(value);
        Assert.Equal("", etag);
    }

    [Fact]
    public async Task State_is_read_with_its_etag()
    {
        _sidecar.Answer = _ => new StubAnswer(200, "{\"amount\":3}") { Headers = { ["ETag"] = "5" } };

        var (value, etag) = await _client.GetStateAndETagAsync<Dictionary<string, int>>("store", "k", cancellationToken: Ct);

        Assert.Equal(3, value!["amount"]);
        Assert.Equal("5", etag);
    }

    [Fact]
    public async Task Try_save_sends_the_etag_and_takes_409_for_an_answer()
    {
        _sidecar.Answer = _ => new StubAnswer(409, """{"errorCode":"ERR_STATE_SAVE","message":"etag"}""");

        Assert.False(await _client.TrySaveStateAsync("store", "k", 1, "5", cancellationToken: Ct));

        Assert.Equal("""POST /v1.0/state/store [{"key":"k","value":1,"etag":"5","options":{"concurrency":"first-write"}}]""", Line(_sidecar.Only));
    }

    [Fact]
    public async Task Delete_with_etag_uses_if_match()
    {
        Assert.True(await _client.TryDeleteStateAsync("store", "k", "5", cancellationToken: Ct));

        Assert.Equal("5", _sidecar.Only.Headers["If-Match"]);
    }

    [Fact]
    public async Task Transaction_lists_its_operations()
    {
        await _client.ExecuteStateTransactionAsync(
            "store",
            [new("a", "1"u8.ToArray(), StateOperationType.Upsert, "7"), new("b", null, StateOperationType.Delete)],
            new Dictionary<string, string> { ["m"] = "1" },
            Ct);

        Assert.Equal(
            """POST /v1.0/state/store/transaction {"operations":[{"operation":"upsert","request":{"key":"a","value":1,"etag":"7"}},{"operation":"delete","request":{"key":"b"}}],"metadata":{"m":"1"}}""",
            Line(_sidecar.Only));
    }

    [Fact]
    public async Task Bulk_read_gives_missing_keys_without_a_value()
    {
        _sidecar.Answer = _ => new StubAnswer(200, """[{"key":"a","data":1,"etag":"1"},{"key":"b"}]""");

        var items = await _client.GetBulkStateAsync<int?>("store", ["a", "b"], cancellationToken: Ct);

        Assert.Equal([new("a", 1, "1"), new BulkStateItem<int?>("b", null, "")], items);
    }

    [Fact]
    public async Task Invocation_passes_verb_path_and_query()
    {
        _sidecar.Answer = _ => new StubAnswer(200, "[1,2]");

        var answer = await _client.InvokeMethodAsync<int[]>(HttpMethod.Get, "wallet", "balances?player=7", Ct);

        Assert.Equal([1, 2], answer!);
        Assert.Equal("GET /v1.0/invoke/wallet/method/balances?player=7 ", Line(_sidecar.Only));
    }

    [Fact]
    public async Task Secret_binding_and_metadata_use_their_paths()
    {
        _sidecar.Answer = seen => seen.PathAndQuery.Contains("secrets", StringComparison.Ordinal) ? new(200, """{"k":"v"}""") : StubAnswer.NoContent;

        Assert.Equal("v", (await _client.GetSecretAsync("secrets", "k", cancellationToken: Ct))["k"]);
        await _client.InvokeBindingAsync("files", "create", "data", cancellationToken: Ct);
        await _client.SetMetadataAsync("a", "b", Ct);

        Assert.Equal(
            ["GET /v1.0/secrets/secrets/k ", """POST /v1.0/bindings/files {"data":"data","metadata":null,"operation":"create"}""", "PUT /v1.0/metadata/a b"],
            _sidecar.Seen.Select(Line));
    }

    [Fact]
    public async Task Error_carries_dapr_s_code_and_message()
    {
        _sidecar.Answer = _ => new StubAnswer(403, """{"errorCode":"ERR_PUBSUB_FORBIDDEN","message":"topic t is not allowed"}""");

        var error = await Assert.ThrowsAsync<DaprApiException>(() => _client.PublishEventAsync("bus", "t", 1, cancellationToken: Ct));

        Assert.Equal("ERR_PUBSUB_FORBIDDEN", error.ErrorCode);
        Assert.Equal(DaprOutcome.Refused, error.Outcome);
        Assert.Contains("topic t is not allowed", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sidecar_that_is_not_there_refuses_and_is_not_healthy()
    {
        await _sidecar.DisposeAsync();

        var error = await Assert.ThrowsAsync<DaprApiException>(() => _client.PublishEventAsync("bus", "t", 1, cancellationToken: Ct));

        Assert.Equal(DaprOutcome.Refused, error.Outcome);
        Assert.False(await _client.CheckHealthAsync(Ct));
    }

    [Fact]
    public async Task Waiting_for_the_sidecar_looks_at_its_outbound_health_until_it_is_good()
    {
        var bad = 2;
        _sidecar.Answer = _ => new StubAnswer(bad-- > 0 ? 500 : 204);

        await _client.WaitForSidecarAsync(Ct);

        Assert.Equal(3, _sidecar.Seen.Count);
        Assert.All(_sidecar.Seen, seen => Assert.Equal("/v1.0/healthz/outbound", seen.PathAndQuery));
    }

    [Fact]
    public void Endpoint_variable_wins_over_the_port()
    {
        var variables = new Dictionary<string, string> { ["DAPR_HTTP_ENDPOINT"] = "http://10.0.0.1:9000", ["DAPR_HTTP_PORT"] = "3600", ["DAPR_GRPC_PORT"] = "50002" };

        var options = DaprSidecarOptions.FromEnvironment(variables.GetValueOrDefault);

        Assert.Equal(new Uri("http://10.0.0.1:9000"), options.HttpEndpoint);
        Assert.Equal(new Uri("http://127.0.0.1:50002"), options.GrpcEndpoint);
        Assert.Throws<FormatException>(() => DaprSidecarOptions.FromEnvironment(name => name == "DAPR_HTTP_PORT" ? "70000" : null));
    }

    static string Line(SeenRequest seen) => $"{seen.Method} {seen.PathAndQuery} {Encoding.UTF8.GetString(seen.BodyBytes)}";
}
