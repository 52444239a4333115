namespace Jackpot.LocalDapr.Sidecars;

/// <summary>Runs the node beside the web server. A failure that nobody handled stops the process instead of leaving half of it standing.</summary>
sealed partial class NodeService(Node node, IHostApplicationLifetime lifetime, ILogger<NodeService> logger) : BackgroundService
{
    public bool Failed { get; private set; }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await node.RunAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The regular end.
        }
#pragma warning disable CA1031 // The last line of defence: logged, and the process ends with a code that says so.
        catch (Exception failed)
#pragma warning restore CA1031
        {
            Failed = true;
            LogFailed(failed);
            lifetime.StopApplication();
        }
    }

    [LoggerMessage(1500, LogLevel.Critical, "LocalDapr stops: an error nobody handled")]
    partial void LogFailed(Exception cause);
}
