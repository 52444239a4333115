using System.Net;

namespace Jackpot.Dapr.Client;

/// <summary>What is known about the effect of a call that did not succeed.</summary>
public enum DaprOutcome
{
    /// <summary>The call had no effect: it was refused or never left this process.</summary>
    Refused,

    /// <summary>The call may or may not have had its effect; ask by id before trying again.</summary>
    InDoubt,
}

/// <summary>A call to the sidecar that did not succeed.</summary>
public sealed class DaprApiException : Exception
{
    /// <summary>Creates the exception.</summary>
    public DaprApiException(DaprOutcome outcome, HttpStatusCode? status, string? errorCode, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        Outcome = outcome;
        Status = status;
        ErrorCode = errorCode;
    }

    /// <summary>Whether the call can have had an effect.</summary>
    public DaprOutcome Outcome { get; }

    /// <summary>HTTP status of the answer; null when there was none.</summary>
    public HttpStatusCode? Status { get; }

    /// <summary>Dapr's error code, for instance <c>ERR_STATE_SAVE</c>; null when the answer had none.</summary>
    public string? ErrorCode { get; }

    /// <summary>The whole body of the answer, at most <see cref="SidecarHttp.ErrorBodyBytesMax"/> bytes of it.</summary>
    public string Body { get; init; } = "";
}
