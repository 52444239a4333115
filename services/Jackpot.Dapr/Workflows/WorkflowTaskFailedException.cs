using Jackpot.Dapr.Texts;
using Jackpot.Dapr.Workflows.Protocol;

namespace Jackpot.Dapr.Workflows;

/// <summary>An activity or a child workflow failed.</summary>
public sealed class WorkflowTaskFailedException : Exception
{
    /// <summary>Creates the exception.</summary>
    public WorkflowTaskFailedException(string message, WorkflowTaskFailureDetails failureDetails)
        : base(message) =>
        FailureDetails = failureDetails;

    /// <summary>What happened there.</summary>
    public WorkflowTaskFailureDetails FailureDetails { get; }
}

/// <summary>A failure as it travels: the other side may be another process or another language.</summary>
/// <param name="ErrorType">Usually the full name of an exception type.</param>
/// <param name="ErrorMessage">Its message.</param>
/// <param name="StackTrace">Null when the other side sends none.</param>
/// <param name="InnerFailure">The cause; null when there is none.</param>
/// <param name="IsNonRetriable">True when trying again is useless.</param>
public sealed record WorkflowTaskFailureDetails(
    string ErrorType, string ErrorMessage, string? StackTrace = null, WorkflowTaskFailureDetails? InnerFailure = null, bool IsNonRetriable = false)
{
    const int InnerFailuresMax = 8;

    // A failure is kept in the history of its workflow and read again at every step of it.
    const int MessageCharsMax = 4_000;
    const int StackTraceCharsMax = 16_000;

    /// <summary>Whether the failure, or one it was caused by, is exactly of this exception type.</summary>
    public bool IsCausedBy<T>()
        where T : Exception =>
        ErrorType == typeof(T).FullName || InnerFailure?.IsCausedBy<T>() == true;

    internal static WorkflowTaskFailureDetails Of(Exception failure, int depth = 0) => failure is WorkflowTaskFailedException task
        ? new(typeof(WorkflowTaskFailedException).FullName!, MessageOf(failure), StackTraceOf(failure), task.FailureDetails)
        : new(
            failure.GetType().FullName ?? failure.GetType().Name,
            MessageOf(failure),
            StackTraceOf(failure),
            failure.InnerException is { } inner && depth < InnerFailuresMax ? Of(inner, depth + 1) : null);

    static string MessageOf(Exception failure) => OutsideText.Clean(failure.Message, MessageCharsMax);

    static string? StackTraceOf(Exception failure) => failure.StackTrace is { } trace ? OutsideText.Clean(trace, StackTraceCharsMax) : null;

    internal static WorkflowTaskFailureDetails Of(TaskFailureDetails? wire) => wire is null
        ? new("unknown", "The failure came without details.")
        : new(wire.ErrorType, wire.ErrorMessage, wire.StackTrace, wire.InnerFailure is null ? null : Of(wire.InnerFailure), wire.IsNonRetriable);

    internal TaskFailureDetails ToWire() => new()
    {
        ErrorType = ErrorType,
        ErrorMessage = ErrorMessage,
        StackTrace = StackTrace,
        InnerFailure = InnerFailure?.ToWire(),
        IsNonRetriable = IsNonRetriable,
    };
}
