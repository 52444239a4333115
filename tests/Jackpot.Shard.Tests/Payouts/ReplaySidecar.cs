using System.Buffers.Binary;
using System.Net;
using System.Threading.Channels;
using Dapr.DurableTask.Protobuf;
using Dapr.Workflow;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Jackpot.Shard.Tests.Payouts;

/// <summary>
/// The workflow service of a sidecar, with the SDK's own worker connected to it: hands it one turn with the history before it, as an engine does, and gives back what
/// it wants done next. Nothing is remembered between turns, so that each replays from the beginning.
/// </summary>
internal sealed class ReplaySidecar : IAsyncDisposable
{
    const int FramePrefix = 5;
    const string WorkerNamespace = "Dapr.Workflow.Worker";
    static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(30);

    readonly WebApplication _app;
    readonly Channel<WorkItem> _work = Channel.CreateUnbounded<WorkItem>();
    readonly Channel<WorkflowResponse> _answers = Channel.CreateUnbounded<WorkflowResponse>();
    ServiceProvider? _services;
    IHostedService? _worker;

    ReplaySidecar(WebApplication app) => _app = app;

    public static async Task<ReplaySidecar> StartAsync(Action<WorkflowRuntimeOptions> register)
    {
        var ct = TestContext.Current.CancellationToken;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.Protocols = HttpProtocols.Http2));
        var sidecar = new ReplaySidecar(builder.Build());
        sidecar._app.MapPost("/TaskHubSidecarService/{method}", (RequestDelegate)sidecar.AnswerAsync);
        await sidecar._app.StartAsync(ct);
        var address = sidecar._app.Urls.Single();
        var settings = new Dictionary<string, string?> { ["DAPR_GRPC_ENDPOINT"] = address, ["DAPR_HTTP_ENDPOINT"] = address };
        var services = new ServiceCollection().AddLogging().AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
        services.AddDaprWorkflow(register);
        sidecar._services = services.BuildServiceProvider();
        sidecar._worker = sidecar._services.GetServices<IHostedService>().Single(service => service.GetType().Namespace == WorkerNamespace);
        await sidecar._worker.StartAsync(ct);
        return sidecar;
    }

    /// <summary>What the workflow wants after it has replayed <paramref name="past"/> and been told of <paramref name="news"/>.</summary>
    public async Task<WorkflowResponse> AskAsync(string instanceId, IEnumerable<HistoryEvent> past, IEnumerable<HistoryEvent> news)
    {
        var request = new WorkflowRequest { InstanceId = instanceId };
        request.PastEvents.AddRange(past);
        request.NewEvents.AddRange(news);
        await _work.Writer.WriteAsync(new WorkItem { WorkflowRequest = request });
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(AnswerMax);
        return await _answers.Reader.ReadAsync(deadline.Token);
    }

    async Task AnswerAsync(HttpContext http)
    {
        http.Response.ContentType = "application/grpc";
        http.Response.DeclareTrailer("grpc-status");
        switch (http.Request.RouteValues["method"])
        {
            case "GetWorkItems":
                await HandOutAsync(http);
                break;
            case "CompleteOrchestratorTask" or "CompleteWorkflowTask":
                await _answers.Writer.WriteAsync(WorkflowResponse.Parser.ParseFrom((await BodyAsync(http)).AsSpan(FramePrefix)));
                await WriteAsync(http, new CompleteTaskResponse());
                break;
            default:
                await WriteAsync(http, new CompleteTaskResponse());
                break;
        }

        http.Response.AppendTrailer("grpc-status", "0");
    }

    async Task HandOutAsync(HttpContext http)
    {
        await http.Response.StartAsync(http.RequestAborted);
        await http.Response.Body.FlushAsync(http.RequestAborted);
        try
        {
            await foreach (var item in _work.Reader.ReadAllAsync(http.RequestAborted))
            {
                await WriteAsync(http, item);
            }
        }
        catch (OperationCanceledException)
        {
            // The worker has gone.
        }
    }

    static async Task<byte[]> BodyAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        return body.ToArray();
    }

    static async Task WriteAsync(HttpContext http, IMessage message)
    {
        var frame = new byte[FramePrefix + message.CalculateSize()];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), frame.Length - FramePrefix);
        message.WriteTo(frame.AsSpan(FramePrefix));
        await http.Response.Body.WriteAsync(frame, http.RequestAborted);
        await http.Response.Body.FlushAsync(http.RequestAborted);
    }

    public async ValueTask DisposeAsync()
    {
        if (_worker is not null)
        {
            await _worker.StopAsync(CancellationToken.None);
        }

        await (_services?.DisposeAsync() ?? ValueTask.CompletedTask);
        await _app.DisposeAsync();
    }
}
