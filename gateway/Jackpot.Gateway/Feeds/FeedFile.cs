using System.Text.Json;
using System.Text.Json.Serialization;

namespace Jackpot.Gateway.Feeds;

/// <summary>
/// <c>regions/&lt;region&gt;/feeds/&lt;name&gt;.json</c>: how one operator's own events become contributions. Data only; docs/feeds.md explains each field.
/// </summary>
sealed record FeedFile(
    string? Source, string? Topic, bool RawPayload, IReadOnlyList<string>? Tenants, FieldRule? Tenant, FieldRule? Type,
    IReadOnlyList<string>? Bets, IReadOnlyList<string>? Wins, IReadOnlyList<string>? Rollbacks, IReadOnlyList<string>? Ignored,
    IReadOnlyDictionary<string, string>? Units, BetRules? Bet, RollbackRules? Rollback)
{
    internal const string FolderName = "feeds";
}

/// <summary>Where the fields of a contribution come from.</summary>
sealed record BetRules(
    FieldRule? JpContribId, FieldRule? IdempotencyKey, FieldRule? PoolId, FieldRule? JackpotId, IReadOnlyList<SourceRule>? Sources,
    FieldRule? PlayerId, FieldRule? GameId, FieldRule? RoundId, FieldRule? OccurredAt, FieldRule? Amount, FieldRule? Currency, FieldRule? Funding, FieldRule? PlayerCountry);

/// <summary>Where the fields of a rollback come from.</summary>
/// <param name="JpContribId">The bet that is taken back, by the id it was given.</param>
/// <param name="IdempotencyKey">The rollback's own key.</param>
/// <param name="Amount">How much of the stake is taken back, when it is not all of it.</param>
/// <param name="Currency">Of that amount.</param>
/// <param name="OccurredAt">When.</param>
sealed record RollbackRules(FieldRule? JpContribId, FieldRule? IdempotencyKey, FieldRule? Amount, FieldRule? Currency, FieldRule? OccurredAt);

/// <summary>One of the sources that find a bet's jackpots.</summary>
sealed record SourceRule(FieldRule Kind, FieldRule Name);

/// <summary>
/// Where a text comes from: a JSON pointer (RFC 6901) into the operator's event, several of them joined, or a constant; and what is made of it.
/// Written as the pointer alone, or as an object.
/// </summary>
[JsonConverter(typeof(FieldRuleConverter))]
sealed record FieldRule(IReadOnlyList<string> Paths, string? Value, IReadOnlyDictionary<string, string>? Values, string? Format)
{
    internal bool IsConstant => Value is not null;
}

/// <summary>The long form of a <see cref="FieldRule"/>.</summary>
sealed record FieldRuleObject(string? Path, IReadOnlyList<string>? Paths, string? Value, IReadOnlyDictionary<string, string>? Values, string? Format);

sealed class FieldRuleConverter : JsonConverter<FieldRule>
{
    public override FieldRule Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            return new FieldRule([reader.GetString()!], null, null, null);
        }

        var rule = JsonSerializer.Deserialize(ref reader, FeedJson.Default.FieldRuleObject) ?? throw new JsonException("a field is a JSON pointer or an object");
        return new FieldRule(rule.Path is { } path ? [path, .. rule.Paths ?? []] : rule.Paths ?? [], rule.Value, rule.Values, rule.Format);
    }

    public override void Write(Utf8JsonWriter writer, FieldRule value, JsonSerializerOptions options) => throw new NotSupportedException("Feeds are read, never written.");
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, ReadCommentHandling = JsonCommentHandling.Skip, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(FeedFile))]
[JsonSerializable(typeof(FieldRuleObject))]
sealed partial class FeedJson : JsonSerializerContext;
