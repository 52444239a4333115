using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Dapr.DurableTask.Protobuf;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Jackpot.Dapr.Conformance.App;
using Jackpot.Dapr.Conformance.Workflows;

namespace Jackpot.Dapr.Conformance.Running;

/// <summary>What every case works with: the sidecar's two endpoints, the application behind it, and names that nobody used before.</summary>
sealed class Bench : IAsyncDisposable
{
    readonly HttpClient _http;
    readonly GrpcChannel _channel;
    readonly string _run = Guid.NewGuid().ToString("N")[..8];
    int _names;

    public Bench(ConformanceOptions options, TestApplication app)
    {
        Options = options;
        App = app;
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{options.HttpPort}"), Timeout = TimeSpan.FromSeconds(45) };
        if (options.ApiToken is { } token)
        {
            _http.DefaultRequestHeaders.Add("dapr-api-token", token);
        }

        _channel = GrpcChannel.ForAddress(
            $"http://127.0.0.1:{options.GrpcPort}", new GrpcChannelOptions { MaxReceiveMessageSize = options.MaxBodySize * 2, MaxSendMessageSize = options.MaxBodySize * 2 });
        Grpc = _channel.Intercept(metadata =>
        {
            if (options.ApiToken is { } value)
            {
                metadata.Add("dapr-api-token", value);
            }

            return metadata;
        });
        Workflows = new TaskHubSidecarService.TaskHubSidecarServiceClient(Grpc);
        Worker = new ConformanceWorker(Workflows);
    }

    public ConformanceOptions Options { get; }

    public TestApplication App { get; }

    public CallInvoker Grpc { get; }

    public TaskHubSidecarService.TaskHubSidecarServiceClient Workflows { get; }

    public ConformanceWorker Worker { get; }

    public string AppId { get; private set; } = "";

    public string Sidecar { get; private set; } = "sidecar";

    public string State => $"/v1.0/state/{Options.StateStore}";

    public string NewName(string prefix = "c") => $"{prefix}{_run}x{Interlocked.Increment(ref _names)}";

    public async Task ConnectAsync(TimeSpan patience)
    {
        await Expect.Eventually(HealthyAsync, $"The sidecar on port {Options.HttpPort} does not become healthy", patience);
        var metadata = (await Get("/v1.0/metadata")).Is(200).Json;
        AppId = metadata.GetProperty("id").GetString()!;
        Sidecar = $"{AppId} on {metadata.GetProperty("runtimeVersion").GetString()}";
        Worker.Start();
        var actorsReady = async () => (await Put($"/v1.0/actors/{TestApplication.PlainActor}/{NewName()}/method/echo", "{}")).Status == 200;
        await Expect.Eventually(actorsReady, "The sidecar does not host the application's actors", patience);
    }

    public Task<Reply> Get(string path, params (string, string)[] headers) => Send(HttpMethod.Get, path, null, null, headers);

    public Task<Reply> Delete(string path, params (string, string)[] headers) => Send(HttpMethod.Delete, path, null, null, headers);

    public Task<Reply> Post(string path, string? body = null, string contentType = "application/json", params (string, string)[] headers) =>
        Send(HttpMethod.Post, path, body is null ? null : Encoding.UTF8.GetBytes(body), contentType, headers);

    public Task<Reply> Put(string path, string? body = null, string contentType = "application/json", params (string, string)[] headers) =>
        Send(HttpMethod.Put, path, body is null ? null : Encoding.UTF8.GetBytes(body), contentType, headers);

    public async Task<Reply> Send(HttpMethod method, string path, byte[]? body, string? contentType, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = contentType is null ? null : MediaTypeHeaderValue.Parse(contentType);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await _http.SendAsync(request);
        return await Reply.ReadAsync($"{method} {path}", response);
    }

    /// <summary>Switches a fault on for as long as the answer lives.</summary>
    public async Task<IAsyncDisposable> FaultAsync(object rule)
    {
        var admin = $"http://127.0.0.1:{Options.AdminPort}/faults";
        var id = (await Post(admin, Json(rule))).Is(201).Json.GetProperty("id").GetInt32();
        return new SwitchedOn(async () => (await Delete($"{admin}/{id}")).Is(204));
    }

    public async ValueTask DisposeAsync()
    {
        await Worker.DisposeAsync();
        _channel.Dispose();
        _http.Dispose();
    }

    public static string Json(object? value) => JsonSerializer.Serialize(value);

    async Task<bool> HealthyAsync()
    {
        try
        {
            return (await Get("/v1.0/healthz")).Status == 204;
        }
        catch (Exception notThere) when (notThere is HttpRequestException or TaskCanceledException)
        {
            // Not up yet; the patience of the caller is the limit.
            return false;
        }
    }

    sealed class SwitchedOn(Func<Task> off) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await off();
    }
}
