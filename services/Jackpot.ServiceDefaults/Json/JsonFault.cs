using System.Text.Json;

namespace Jackpot.ServiceDefaults.Json;

/// <summary>What is wrong with a JSON value that the parser itself would take.</summary>
public enum JsonFaultKind : byte
{
    None,
    InvalidUtf8,
    LoneSurrogate,
    Nul,
    TooDeep,
    DuplicateName,
    TooManyItems,
    TooManyNames,
}

/// <summary>The first fault of a value and the byte at which it was seen.</summary>
public readonly record struct JsonFault(JsonFaultKind Kind, long Byte)
{
    public bool IsFault => Kind != JsonFaultKind.None;

    public string Detail => $"byte {Byte + 1}: " + Kind switch
    {
        JsonFaultKind.InvalidUtf8 => "a text is not UTF-8",
        JsonFaultKind.LoneSurrogate => "a text holds half of a surrogate pair, which has no UTF-8 form",
        JsonFaultKind.Nul => "a text holds the control character NUL, which cannot be stored",
        JsonFaultKind.TooDeep => $"values are nested more than {StrictJson.DepthMax} deep",
        JsonFaultKind.DuplicateName => "a name stands twice in one object; which one is meant cannot be known",
        JsonFaultKind.TooManyItems => $"a list has more than {StrictJson.ItemsMax} items",
        _ => $"an object has more than {StrictJson.NamesMax} names",
    };
}

/// <summary>A body that is JSON to a lenient parser and is refused here.</summary>
public sealed class RefusedJsonException(JsonFault fault) : JsonException(fault.Detail)
{
    public JsonFault Fault => fault;
}
