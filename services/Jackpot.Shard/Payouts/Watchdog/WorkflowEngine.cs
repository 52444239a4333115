using Dapr.Client;
using Dapr.Workflow;
using Grpc.Core;
using Npgsql;

namespace Jackpot.Shard.Payouts.Watchdog;

/// <summary>The sidecar's workflow engine as this replica sees it.</summary>
internal sealed class WorkflowEngine(DaprWorkflowClient workflows, DaprClient dapr, NpgsqlDataSource database, IServiceProvider services, IHostApplicationLifetime host)
{
    const string WorkerNamespace = "Dapr.Workflow.Worker";

    /// <summary>How long a heartbeat may take.</summary>
    public static readonly TimeSpan BeatMax = TimeSpan.FromSeconds(5);

    // One name for each process, so that what it left behind unfinished is not piled up by it.
    readonly string _beat = $"heartbeat-{Guid.NewGuid():N}";

    /// <summary>Whether a small workflow is taken and ends in time.</summary>
    public async Task<bool> BeatsAsync(CancellationToken ct)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(BeatMax);
        try
        {
            try
            {
                await workflows.ScheduleNewWorkflowAsync(nameof(HeartbeatWorkflow), _beat, "", startTime: (DateTimeOffset?)null, deadline.Token);
            }
            catch (RpcException e) when (e.StatusCode == StatusCode.AlreadyExists)
            {
                // The one before has not ended; it counts as well as a new one.
            }

            await workflows.WaitForWorkflowCompletionAsync(_beat, getInputsAndOutputs: false, deadline.Token);
            await workflows.PurgeInstanceAsync(_beat, deadline.Token);
            return true;
        }
        catch (Exception e) when (e is RpcException or OperationCanceledException && !ct.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>Whether what the engine stands on answers: while it does not, the engine is not to blame.</summary>
    public async Task<bool> OthersAnswerAsync(CancellationToken ct)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(BeatMax);
        try
        {
            await using var ping = database.CreateCommand("SELECT 1");
            await ping.ExecuteScalarAsync(deadline.Token);
            return await dapr.CheckHealthAsync(deadline.Token);
        }
        catch (Exception e) when (e is NpgsqlException or OperationCanceledException && !ct.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>Stops the SDK's worker and starts it again. What it was at comes again; every activity may run twice.</summary>
    public async Task ReopenStreamAsync(CancellationToken ct)
    {
        var worker = services.GetServices<IHostedService>().Single(service => service.GetType().Namespace == WorkerNamespace);
        await worker.StopAsync(ct);
        await worker.StartAsync(ct);
    }

    public Task ShutDownSidecarAsync(CancellationToken ct) => dapr.ShutdownSidecarAsync(ct);

    public void EndProcess()
    {
        Environment.ExitCode = 1;
        host.StopApplication();
    }
}
