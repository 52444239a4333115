using Dapr.Actors;
using Dapr.Actors.Client;
using Dapr.Client;
using Dapr.Workflow;
using DotnetSdk.App;
using Grpc.Core;
using Grpc.Net.Client;
using DaprCalls = Dapr.Client.Autogen.Grpc.v1.Dapr.DaprClient;

namespace DotnetSdk.Running;

/// <summary>What every check works with: the SDK's clients, the application behind the sidecar, and names that nobody used before.</summary>
sealed class Bench : IAsyncDisposable
{
    static readonly TimeSpan SidecarTimeMax = TimeSpan.FromSeconds(90);

    readonly WebApplication _app;
    readonly GrpcChannel _channel;
    readonly string _run = Guid.NewGuid().ToString("N")[..8];
    int _names;

    Bench(Settings settings, WebApplication app)
    {
        (Settings, _app) = (settings, app);
        _channel = GrpcChannel.ForAddress($"http://127.0.0.1:{settings.GrpcPort}");
        Calls = new DaprCalls(_channel);
    }

    public Settings Settings { get; }

    public Seen Seen => _app.Services.GetRequiredService<Seen>();

    public DaprClient Client => _app.Services.GetRequiredService<DaprClient>();

    public DaprWorkflowClient Workflows => _app.Services.GetRequiredService<DaprWorkflowClient>();

    /// <summary>The generated client, for what the SDK's served packages have no class of their own for: jobs and streaming subscriptions.</summary>
    public DaprCalls Calls { get; }

    /// <summary>What a call of <see cref="Calls"/> carries.</summary>
    public Metadata Headers => Settings.ApiToken is { } token ? new Metadata { { "dapr-api-token", token } } : [];

    public string AppId { get; private set; } = "";

    public string Store => Settings.StateStore;

    public string PubSub => Settings.PubSub;

    public static async Task<Bench> StartAsync(Settings settings)
    {
        var app = SdkApplication.Build(settings);
        await app.StartAsync();
        return new Bench(settings, app);
    }

    public string NewName(string prefix = "n") => $"{prefix}{_run}x{Interlocked.Increment(ref _names)}";

    public ActorId NewActor() => new(NewName("a"));

    public T Actor<T>(ActorId id, string type)
        where T : IActor => ActorProxy.Create<T>(id, type, new ActorProxyOptions { UseJsonSerialization = true });

    public ICounter Counter(ActorId id) => Actor<ICounter>(id, CounterActor.TypeName);

    /// <summary>False when the sidecar does not come up, or comes up without actors or workflows.</summary>
    public async Task<bool> ConnectAsync()
    {
        try
        {
            await Expect.Eventually(() => Client.CheckHealthAsync(), "health", SidecarTimeMax);
            AppId = (await Client.GetMetadataAsync()).Id;
            await Expect.Eventually(() => SucceedsAsync(() => Counter(NewActor()).ReadAsync()), "actors", SidecarTimeMax);
            await Expect.Eventually(() => SucceedsAsync(() => RunWorkflowAsync<string>("Echo", "ready")), "workflows", SidecarTimeMax);
            return true;
        }
        catch (CheckFailure failure)
        {
            await Console.Error.WriteLineAsync(failure.Message);
            return false;
        }
    }

    /// <summary>Runs a workflow to its end and gives its result.</summary>
    public async Task<T?> RunWorkflowAsync<T>(string name, object? input) => (await EndedAsync(await Workflows.ScheduleNewWorkflowAsync(name, NewName("wf"), input))).ReadOutputAs<T>();

    public async Task<WorkflowState> EndedAsync(string id)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(45));
        return await Workflows.WaitForWorkflowCompletionAsync(id, true, limit.Token);
    }

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    static async Task<bool> SucceedsAsync(Func<Task> call)
    {
        try
        {
            await call();
            return true;
        }
#pragma warning disable CA1031 // Asked again until the caller's patience ends.
        catch (Exception)
#pragma warning restore CA1031
        {
            return false;
        }
    }
}
