using System.Text.Json.Nodes;
using Jackpot.Contracts.Jackpots;

namespace Jackpot.Shard.Changes;

/// <summary>One field that differs between two versions of terms; null where it is not there. <paramref name="Pool"/> is null outside of pools.</summary>
internal sealed record FieldDiff(string Field, string? Pool, JsonNode? Before, JsonNode? After)
{
    public override string ToString() => $"{Field} {Text(Before)} -> {Text(After)}";

    static string Text(JsonNode? value) => value?.ToJsonString() ?? "(none)";
}

/// <summary>Compares terms field by field, as they are written. Pools are told apart by their id; other lists are compared as a whole.</summary>
internal static class TermsDiff
{
    const string Pools = "pools";
    const string PoolId = "pool_id";

    public static List<FieldDiff> Of(JackpotDefinition before, JackpotDefinition after)
    {
        var (left, right) = (Fields(before), Fields(after));
        return
        [
            .. left.Keys.Union(right.Keys)
                .Where(field => !JsonNode.DeepEquals(left.GetValueOrDefault(field), right.GetValueOrDefault(field)))
                .Select(field => new FieldDiff(field.Name, field.Pool, left.GetValueOrDefault(field), right.GetValueOrDefault(field))),
        ];
    }

    /// <summary>The value of a field of these terms, or null.</summary>
    public static JsonNode? Value(JackpotDefinition terms, FieldDiff field) => Fields(terms).GetValueOrDefault((field.Field, field.Pool));

    static Dictionary<(string Name, string? Pool), JsonNode> Fields(JackpotDefinition terms)
    {
        var fields = new Dictionary<(string, string?), JsonNode>();
        foreach (var (name, value) in JsonNode.Parse(terms.ToJson())!.AsObject())
        {
            if (name == Pools)
            {
                foreach (var pool in value!.AsArray())
                {
                    var id = (string)pool![PoolId]!;
                    Flatten($"{Pools}.{id}", id, pool, fields);
                }
            }
            else
            {
                Flatten(name, null, value, fields);
            }
        }

        return fields;
    }

    static void Flatten(string name, string? pool, JsonNode? value, Dictionary<(string, string?), JsonNode> fields)
    {
        if (value is JsonObject inner)
        {
            foreach (var (field, of) in inner)
            {
                Flatten($"{name}.{field}", pool, of, fields);
            }
        }
        else if (value is not null)
        {
            fields[(name, pool)] = value;
        }
    }
}
