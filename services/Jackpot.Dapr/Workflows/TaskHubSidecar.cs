namespace Jackpot.Dapr.Workflows;

/// <summary>
/// The gRPC paths of Dapr's workflow service. It is declared without a proto package, so the path starts with the service itself.
/// Source: durabletask-go v0.12.4, the engine of Dapr 1.18.
/// </summary>
public static class TaskHubSidecar
{
    /// <summary>Keep-alive of the application level; empty in, empty out.</summary>
    public const string Hello = "/TaskHubSidecarService/Hello";

    /// <summary>Starts an instance; blocks until it has left PENDING unless a start time is given.</summary>
    public const string StartInstance = "/TaskHubSidecarService/StartInstance";

    /// <summary>Reads an instance; an unknown id answers <c>exists = false</c>.</summary>
    public const string GetInstance = "/TaskHubSidecarService/GetInstance";

    /// <summary>Blocks until the instance has started.</summary>
    public const string WaitForInstanceStart = "/TaskHubSidecarService/WaitForInstanceStart";

    /// <summary>Blocks until the instance has ended.</summary>
    public const string WaitForInstanceCompletion = "/TaskHubSidecarService/WaitForInstanceCompletion";

    /// <summary>Raises a named event to an instance.</summary>
    public const string RaiseEvent = "/TaskHubSidecarService/RaiseEvent";

    /// <summary>Ends an instance from outside.</summary>
    public const string TerminateInstance = "/TaskHubSidecarService/TerminateInstance";

    /// <summary>Suspends an instance.</summary>
    public const string SuspendInstance = "/TaskHubSidecarService/SuspendInstance";

    /// <summary>Resumes a suspended instance.</summary>
    public const string ResumeInstance = "/TaskHubSidecarService/ResumeInstance";

    /// <summary>Deletes what is stored of an ended instance.</summary>
    public const string PurgeInstances = "/TaskHubSidecarService/PurgeInstances";

    /// <summary>The worker's stream of work items.</summary>
    public const string GetWorkItems = "/TaskHubSidecarService/GetWorkItems";

    /// <summary>Reports the result of an activity.</summary>
    public const string CompleteActivityTask = "/TaskHubSidecarService/CompleteActivityTask";

    /// <summary>Reports a workflow turn; works from Dapr 1.15 on.</summary>
    public const string CompleteOrchestratorTask = "/TaskHubSidecarService/CompleteOrchestratorTask";

    /// <summary>Reports a workflow turn; Dapr 1.18 and later.</summary>
    public const string CompleteWorkflowTask = "/TaskHubSidecarService/CompleteWorkflowTask";

    /// <summary>Starts a copy of an ended instance from one of its events.</summary>
    public const string RerunWorkflowFromEvent = "/TaskHubSidecarService/RerunWorkflowFromEvent";

    /// <summary>Lists instance ids, page by page.</summary>
    public const string ListInstanceIDs = "/TaskHubSidecarService/ListInstanceIDs";

    /// <summary>Reads the history of an instance.</summary>
    public const string GetInstanceHistory = "/TaskHubSidecarService/GetInstanceHistory";
}
