using System.Diagnostics;
using Jackpot.Dapr.Workflows.Protocol;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Jackpot.Dapr.Workflows.Worker;

/// <summary>Runs one activity in a scope of its own. Every outcome is an answer; without one the instance would hang.</summary>
internal sealed partial class ActivityRunner(WorkflowRuntimeOptions options, IServiceScopeFactory scopes, ILogger<ActivityRunner> logger)
{
    static readonly ActivitySource Tracing = new("Jackpot.Dapr.Workflows");

    public async Task<ActivityResponse> RunAsync(ActivityRequest request, string completionToken, CancellationToken cancellationToken)
    {
        var response = new ActivityResponse { InstanceId = request.WorkflowInstance?.InstanceId ?? "", TaskId = request.TaskId, CompletionToken = completionToken };
        if (options.FindActivity(request.Name) is not { } factory)
        {
            response.FailureDetails = new WorkflowTaskFailureDetails(
                "ActivityNotFound", $"No activity is registered under the name '{request.Name}'.", IsNonRetriable: true).ToWire();
            return response;
        }

        using var span = Tracing.StartActivity($"activity {request.Name}", ActivityKind.Server, request.ParentTraceContext?.TraceParent);
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var activity = factory(scope.ServiceProvider);
            var context = new WorkflowActivityContext(new TaskIdentifier(request.Name), ExecutionKeyOf(request), response.InstanceId, cancellationToken);
            var input = WorkflowJson.Read(request.Input, activity.InputType, options.JsonSerializerOptions);
            response.Result = WorkflowJson.Write(await activity.RunAsync(context, input), options.JsonSerializerOptions);
        }
#pragma warning disable CA1031 // The edge of the activity: its exception is the workflow's to handle, and it is logged.
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            LogActivityFailed(request.Name, response.InstanceId, failure);
            response.FailureDetails = WorkflowTaskFailureDetails.Of(failure).ToWire();
        }

        return response;
    }

    /// <summary>Engines and workers that do not give an execution id are served by the number of the step.</summary>
    static string ExecutionKeyOf(ActivityRequest request) =>
        request.TaskExecutionId.Length > 0 ? request.TaskExecutionId : request.TaskId.ToString(System.Globalization.CultureInfo.InvariantCulture);

    [LoggerMessage(20, LogLevel.Warning, "Activity {Name} of workflow {InstanceId} failed")]
    partial void LogActivityFailed(string name, string instanceId, Exception cause);
}
