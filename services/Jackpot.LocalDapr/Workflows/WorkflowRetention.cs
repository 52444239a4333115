namespace Jackpot.LocalDapr.Workflows;

/// <summary>Deletes ended instances when the time is over for which the Configuration keeps them. One whose time comes after a restart stays until it is purged.</summary>
sealed partial class WorkflowRetention(WorkflowEngine engine, WorkflowLimits limits, TimeProvider clock, ILogger logger)
{
    public void Watch(WorkflowRow ended)
    {
        if (limits.RetentionOf(ended.Status) is { } retention)
        {
            _ = ExpireAsync(ended.Key.InstanceId, retention);
        }
    }

    async Task ExpireAsync(string instanceId, TimeSpan after)
    {
        try
        {
            await Task.Delay(after, clock, engine.Stopping);
            if (await engine.LoadAsync(instanceId, engine.Stopping) is { Row.IsTerminal: true })
            {
                await engine.DeleteAsync(instanceId, engine.Stopping);
            }
        }
        catch (OperationCanceledException) when (engine.Stopping.IsCancellationRequested)
        {
            // The process ends before the instance's time has come.
        }
        catch (Npgsql.NpgsqlException unreachable)
        {
            LogNotDeleted(instanceId, unreachable);
        }
    }

    [LoggerMessage(1608, LogLevel.Warning, "Workflow {InstanceId} could not be deleted at its time")]
    partial void LogNotDeleted(string instanceId, Exception cause);
}
