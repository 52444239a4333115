namespace Jackpot.LocalDapr.Workflows;

/// <summary>Texts that clients of Dapr's workflow API look for.</summary>
static class WorkflowErrors
{
    public const string NoSuchInstance = "no such instance exists";
    public const string NotCompleted = "workflow has not yet completed";

    public static string AlreadyExists(string instanceId) => $"an active workflow with ID '{instanceId}' already exists";
}
