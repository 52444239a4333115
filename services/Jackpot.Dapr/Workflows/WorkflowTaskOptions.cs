namespace Jackpot.Dapr.Workflows;

/// <summary>How an activity is called.</summary>
/// <param name="RetryPolicy">Null for a single try.</param>
/// <param name="TargetAppId">App that runs it; null for this one.</param>
public record WorkflowTaskOptions(WorkflowRetryPolicy? RetryPolicy = null, string? TargetAppId = null);

/// <summary>How a child workflow is called.</summary>
/// <param name="InstanceId">Its id; null for one made from this instance's.</param>
/// <param name="RetryPolicy">Null for a single try.</param>
/// <param name="TargetAppId">App that runs it; null for this one.</param>
public sealed record ChildWorkflowTaskOptions(string? InstanceId = null, WorkflowRetryPolicy? RetryPolicy = null, string? TargetAppId = null)
    : WorkflowTaskOptions(RetryPolicy, TargetAppId);

/// <summary>When a failed activity or child is tried again. The pauses are durable timers.</summary>
public sealed record WorkflowRetryPolicy
{
    /// <summary>Creates the policy.</summary>
    /// <param name="maxNumberOfAttempts">Tries in all, the first included; at least 1.</param>
    /// <param name="firstRetryInterval">Pause before the second try; more than zero.</param>
    /// <param name="backoffCoefficient">Each pause is this many times the one before; at least 1.</param>
    /// <param name="maxRetryInterval">Longest pause; null for one hour.</param>
    /// <param name="retryTimeout">No further try after this time since the first one; null for no limit.</param>
    public WorkflowRetryPolicy(
        int maxNumberOfAttempts, TimeSpan firstRetryInterval, double backoffCoefficient = 1.0, TimeSpan? maxRetryInterval = null, TimeSpan? retryTimeout = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxNumberOfAttempts, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(firstRetryInterval, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(backoffCoefficient, 1.0);
        MaxNumberOfAttempts = maxNumberOfAttempts;
        FirstRetryInterval = firstRetryInterval;
        BackoffCoefficient = backoffCoefficient;
        MaxRetryInterval = maxRetryInterval ?? TimeSpan.FromHours(1);
        RetryTimeout = retryTimeout ?? Timeout.InfiniteTimeSpan;
    }

    /// <summary>Tries in all.</summary>
    public int MaxNumberOfAttempts { get; }

    /// <summary>Pause before the second try.</summary>
    public TimeSpan FirstRetryInterval { get; }

    /// <summary>Growth of the pauses.</summary>
    public double BackoffCoefficient { get; }

    /// <summary>Longest pause.</summary>
    public TimeSpan MaxRetryInterval { get; }

    /// <summary>Time for all tries, or infinite.</summary>
    public TimeSpan RetryTimeout { get; }

    /// <summary>The pause after this many tries; null when there shall be no further one.</summary>
    internal TimeSpan? PauseAfter(int attempts, TimeSpan sinceFirst)
    {
        if (attempts >= MaxNumberOfAttempts || (RetryTimeout != Timeout.InfiniteTimeSpan && sinceFirst >= RetryTimeout))
        {
            return null;
        }

        var millis = FirstRetryInterval.TotalMilliseconds * Math.Pow(BackoffCoefficient, attempts - 1);
        return millis >= MaxRetryInterval.TotalMilliseconds ? MaxRetryInterval : TimeSpan.FromMilliseconds(millis);
    }
}
