using Dapr.DurableTask.Protobuf;

namespace Jackpot.LocalDapr.Workflows;

/// <summary><c>spec.workflow</c> of the Configuration: how much may run at once, and how long an ended instance is kept.</summary>
sealed record WorkflowLimits(
    int? WorkflowsMax, int? ActivitiesMax, TimeSpan? AnyTerminal, TimeSpan? Completed, TimeSpan? Failed, TimeSpan? Terminated)
{
    public static readonly WorkflowLimits None = new(null, null, null, null, null, null);

    /// <summary>Null = for ever.</summary>
    public TimeSpan? RetentionOf(OrchestrationStatus status) => status switch
    {
        OrchestrationStatus.Completed => Completed ?? AnyTerminal,
        OrchestrationStatus.Failed => Failed ?? AnyTerminal,
        OrchestrationStatus.Terminated => Terminated ?? AnyTerminal,
        _ => AnyTerminal,
    };
}
