using Jackpot.ServiceDefaults.Json;
using Jackpot.Shard.Problems;

namespace Jackpot.Shard.Requests;

/// <summary>As what a body is refused that <see cref="StrictJson"/> does not take.</summary>
internal static class JsonRefusal
{
    /// <summary>A text that cannot be stored is a field's fault; everything else makes the whole value unreadable.</summary>
    public static Refusal Of(JsonFault fault) => fault.Kind switch
    {
        JsonFaultKind.LoneSurrogate or JsonFaultKind.Nul => Refusal.FieldInvalid,
        JsonFaultKind.TooManyItems or JsonFaultKind.TooManyNames => Refusal.FieldTooLong,
        _ => Refusal.MalformedJson,
    };
}
