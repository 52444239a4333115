using Jackpot.Dapr.Client;
using Jackpot.Dapr.Workflows;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Jackpot.Dapr.Tests.Workflows;

/// <summary>A worker process in the small: its own host and connection, gone without a word when it is killed.</summary>
sealed class WorkerHost(IHost host) : IAsyncDisposable
{
    public static async Task<WorkerHost> StartAsync(StubEngine engine, Action<WorkflowRuntimeOptions> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddLogging(logging => logging.ClearProviders());
        builder.Services.AddDaprClient(options => options with { GrpcEndpoint = engine.Address });
        builder.Services.AddDaprWorkflow(configure);
        var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        return new WorkerHost(host);
    }

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync(new CancellationToken(canceled: true));
        host.Dispose();
    }
}
