namespace Jackpot.LocalDapr.Bindings;

/// <summary>One call of an output binding.</summary>
sealed record BindingRequest(string Operation, byte[] DataJson, IReadOnlyDictionary<string, string> Metadata);

/// <summary>What came back; both may be empty.</summary>
sealed record BindingResponse(byte[] Data, IReadOnlyDictionary<string, string> Metadata)
{
    public static readonly BindingResponse Empty = new([], new Dictionary<string, string>());
}

/// <summary>A component that an app can call.</summary>
interface IOutputBinding
{
    /// <exception cref="BindingException">The operation is unknown or failed.</exception>
    Task<BindingResponse> InvokeAsync(BindingRequest request, CancellationToken cancellation);
}

sealed class BindingException(string message) : Exception(message);
