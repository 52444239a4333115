using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Jackpot.Contracts.Amounts;
using Jackpot.Core.Amounts;
using Jackpot.Core.Ids;
using Jackpot.Core.Pools;

namespace Jackpot.Contracts.Jackpots;

/// <summary>A jackpot as it is written down: in <c>regions/&lt;region&gt;/jackpots/*.json</c>, over the admin door, and in the tables.</summary>
/// <param name="JackpotId">1 to 64 of a-z, 0-9 and '-'.</param>
/// <param name="Name">What players see.</param>
/// <param name="Shard">The shard it lives on.</param>
/// <param name="Currency">ISO 4217; every amount below is in it.</param>
/// <param name="Tenants">Operators whose bets feed it.</param>
/// <param name="Pools">In tier order; the first takes rounding remainders.</param>
public sealed record JackpotDefinition(
    [property: JsonRequired] string JackpotId,
    [property: JsonRequired] string Name,
    [property: JsonRequired] string Shard,
    [property: JsonRequired] string Currency,
    [property: JsonRequired] ImmutableArray<string> Tenants,
    [property: JsonRequired] ImmutableArray<PoolDefinition> Pools)
{
    const int FirstVersion = 1;

    /// <exception cref="JsonException">The text is not a definition.</exception>
    public static JackpotDefinition Parse(string json) =>
        JsonSerializer.Deserialize(json, JackpotJson.Default.JackpotDefinition) ?? throw new JsonException("the definition is null");

    public string ToJson() => JsonSerializer.Serialize(this, JackpotJson.Default.JackpotDefinition);

    /// <summary>The rules' view of it, not yet validated.</summary>
    /// <exception cref="FormatException">An id, the currency or a rate breaks its grammar.</exception>
    public JackpotConfig ToConfig() => new(
        Core.Ids.JackpotId.Parse(JackpotId), Name, Core.Amounts.Currency.Parse(Currency), FirstVersion,
        [.. Pools.Select(pool => pool.ToConfig())]);

    /// <summary>Equal terms are equal, also when the arrays are not the same object.</summary>
    public bool Equals(JackpotDefinition? other) => other is not null && ToJson() == other.ToJson();

    public override int GetHashCode() => JackpotId.GetHashCode(StringComparison.Ordinal);
}

/// <summary>One tier. Rates are parts per million of the stake; amounts are in the jackpot's currency.</summary>
public sealed record PoolDefinition(
    [property: JsonRequired] string PoolId,
    [property: JsonRequired] int ContributionPpm,
    int ReservePpm,
    [property: JsonRequired, JsonPropertyName("seed"), JsonConverter(typeof(AmountMicrosConverter))] long SeedMicros,
    [property: JsonPropertyName("ceiling"), JsonConverter(typeof(OptionalAmountMicrosConverter))] long? CeilingMicros,
    [property: JsonRequired] TriggerDefinition Trigger)
{
    internal PoolConfig ToConfig() => new(
        Core.Ids.PoolId.Parse(PoolId), Rate(ContributionPpm, "contribution_ppm"), Rate(ReservePpm, "reserve_ppm"),
        SeedMicros, CeilingMicros, Trigger.ToTrigger());

    PartsPerMillion Rate(int ppm, string field) => ppm is >= 0 and <= PartsPerMillion.Whole
        ? new PartsPerMillion(ppm)
        : throw new FormatException($"pool '{PoolId}': '{field}' is {ppm}; it must be 0 to {PartsPerMillion.Whole}");
}

/// <summary>What makes a pool drop; <c>kind</c> chooses.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(RandomTriggerDefinition), "random")]
[JsonDerivedType(typeof(MustDropByAmountDefinition), "must_drop_by_amount")]
public abstract record TriggerDefinition
{
    internal abstract Trigger ToTrigger();
}

/// <summary>One drop per <c>turnover_per_drop</c> of stakes on average, each stake's chance proportional to its size.</summary>
public sealed record RandomTriggerDefinition(
    [property: JsonRequired, JsonPropertyName("turnover_per_drop"), JsonConverter(typeof(AmountMicrosConverter))] long TurnoverPerDropMicros) : TriggerDefinition
{
    internal override Trigger ToTrigger() => new RandomTrigger(TurnoverPerDropMicros);
}

/// <summary>Falls at a hidden amount between <c>min</c> and <c>max</c>.</summary>
public sealed record MustDropByAmountDefinition(
    [property: JsonRequired, JsonPropertyName("min"), JsonConverter(typeof(AmountMicrosConverter))] long MinMicros,
    [property: JsonRequired, JsonPropertyName("max"), JsonConverter(typeof(AmountMicrosConverter))] long MaxMicros) : TriggerDefinition
{
    internal override Trigger ToTrigger() => new MustDropByAmount(MinMicros, MaxMicros);
}

/// <summary>As <see cref="AmountMicrosConverter"/>, where the amount may be left out.</summary>
public sealed class OptionalAmountMicrosConverter : JsonConverter<long?>
{
    public override long? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Null ? null : AmountMicrosConverter.ReadMicros(ref reader);

    public override void Write(Utf8JsonWriter writer, long? value, JsonSerializerOptions options)
    {
        if (value is { } micros)
        {
            AmountMicrosConverter.WriteMicros(writer, micros);
        }
        else
        {
            writer.WriteNullValue();
        }
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowOutOfOrderMetadataProperties = true)]
[JsonSerializable(typeof(JackpotDefinition))]
public sealed partial class JackpotJson : JsonSerializerContext;
