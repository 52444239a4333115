using System.Text.Json;
using System.Text.Json.Serialization;

namespace Jackpot.Dapr.Client;

/// <summary>The state API's JSON. Nothing that is null is written, because Dapr takes an empty etag for a wrong one.</summary>
internal static class StateWire
{
    public sealed record Options(
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Concurrency,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Consistency)
    {
        public static Options? Of(StateOptions? options) =>
            options is null ? null : new Options(ConcurrencyText(options.Concurrency), ConsistencyText(options.Consistency));
    }

    public sealed record Item(
        string Key,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] JsonElement? Value,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Etag,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyDictionary<string, string>? Metadata,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Options? Options);

    public sealed record Operation([property: JsonPropertyName("operation")] string Kind, Item Request);

    public sealed record Transaction(
        IReadOnlyList<Operation> Operations,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyDictionary<string, string>? Metadata);

    public sealed record BulkGet(IReadOnlyList<string> Keys, int Parallelism, IReadOnlyDictionary<string, string>? Metadata);

    public sealed record BulkGot(string Key, JsonElement? Data, string? Etag, string? Error);

    public static string? ConcurrencyText(ConcurrencyMode? mode) => mode switch
    {
        ConcurrencyMode.FirstWrite => "first-write",
        ConcurrencyMode.LastWrite => "last-write",
        _ => null,
    };

    public static string? ConsistencyText(ConsistencyMode? mode) => mode switch
    {
        ConsistencyMode.Eventual => "eventual",
        ConsistencyMode.Strong => "strong",
        _ => null,
    };
}
