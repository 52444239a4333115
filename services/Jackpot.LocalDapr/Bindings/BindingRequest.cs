namespace Jackpot.LocalDapr.Bindings;

/// <summary>One call of an output binding.</summary>
sealed record BindingRequest(string Operation, byte[] DataJson, IReadOnlyDictionary<string, string> Metadata);

/// <summary>What came back; both may be empty.</summary>
sealed record BindingResponse(byte[] Data, IReadOnlyDictionary<string, string> Metadata)
{
    public static readonly BindingResponse Empty = new([], new Dictionary<string, string>());
}

/// <summary>The operation is unknown or failed.</summary>
sealed class BindingException(string message) : Exception(message);
