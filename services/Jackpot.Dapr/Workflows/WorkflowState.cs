using System.Text.Json;
using Google.Protobuf.WellKnownTypes;

namespace Jackpot.Dapr.Workflows;

/// <summary>Where an instance stands.</summary>
public enum WorkflowRuntimeStatus
{
    /// <summary>The instance does not exist, or its status is newer than this library.</summary>
    Unknown = -1,

    /// <summary>On its way.</summary>
    Running = 0,

    /// <summary>Ended with a result.</summary>
    Completed = 1,

    /// <summary>Ended and started over.</summary>
    ContinuedAsNew = 2,

    /// <summary>Ended with an exception.</summary>
    Failed = 3,

    /// <summary>Ended by cancellation.</summary>
    Canceled = 4,

    /// <summary>Ended from outside.</summary>
    Terminated = 5,

    /// <summary>Not yet started.</summary>
    Pending = 6,

    /// <summary>Held from outside.</summary>
    Suspended = 7,

    /// <summary>Cannot go on until another version of the worker, or a larger limit, is there.</summary>
    Stalled = 8,
}

/// <summary>What is known of an instance.</summary>
public sealed class WorkflowState
{
    readonly Protocol.WorkflowState? _state;
    readonly JsonSerializerOptions _json;

    internal WorkflowState(Protocol.WorkflowState? state, JsonSerializerOptions json)
    {
        _state = state;
        _json = json;
    }

    /// <summary>False when there is no such instance.</summary>
    public bool Exists => _state is not null;

    /// <summary>The instance's id; empty when it does not exist.</summary>
    public string InstanceId => _state?.InstanceId ?? "";

    /// <summary>Name of the workflow; empty when it does not exist.</summary>
    public string WorkflowName => _state?.Name ?? "";

    /// <summary>Where it stands.</summary>
    public WorkflowRuntimeStatus RuntimeStatus => _state is not null && System.Enum.IsDefined((WorkflowRuntimeStatus)(int)_state.WorkflowStatus)
        ? (WorkflowRuntimeStatus)(int)_state.WorkflowStatus
        : WorkflowRuntimeStatus.Unknown;

    /// <summary>Started and not ended.</summary>
    public bool IsWorkflowRunning => RuntimeStatus is WorkflowRuntimeStatus.Running or WorkflowRuntimeStatus.Suspended or WorkflowRuntimeStatus.Stalled;

    /// <summary>Ended, in whatever way.</summary>
    public bool IsWorkflowCompleted => RuntimeStatus is WorkflowRuntimeStatus.Completed or WorkflowRuntimeStatus.Failed
        or WorkflowRuntimeStatus.Canceled or WorkflowRuntimeStatus.Terminated;

    /// <summary>When it was created.</summary>
    public DateTimeOffset CreatedAt => ToTime(_state?.CreatedTimestamp);

    /// <summary>When its state changed last.</summary>
    public DateTimeOffset LastUpdatedAt => ToTime(_state?.LastUpdatedTimestamp);

    /// <summary>Why it failed; null when it did not.</summary>
    public WorkflowTaskFailureDetails? FailureDetails => _state?.FailureDetails is { } failure ? WorkflowTaskFailureDetails.Of(failure) : null;

    /// <summary>Its input; default when it was not asked for.</summary>
    public T? ReadInputAs<T>() => WorkflowJson.Read<T>(_state?.Input, _json);

    /// <summary>Its result; default while there is none.</summary>
    public T? ReadOutputAs<T>() => WorkflowJson.Read<T>(_state?.Output, _json);

    /// <summary>Its custom status; default while there is none.</summary>
    public T? ReadCustomStatusAs<T>() => WorkflowJson.Read<T>(_state?.CustomStatus, _json);

    static DateTimeOffset ToTime(Timestamp? time) => time?.ToDateTimeOffset() ?? default;
}
