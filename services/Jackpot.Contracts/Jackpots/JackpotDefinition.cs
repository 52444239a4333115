using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Jackpot.Contracts.Amounts;
using Jackpot.Core.Amounts;
using Jackpot.Core.Community;
using Jackpot.Core.Pools;

namespace Jackpot.Contracts.Jackpots;

/// <summary>A jackpot as it is written down: in <c>regions/&lt;region&gt;/jackpots/*.json</c>, over the admin endpoint, and in the tables.</summary>
/// <param name="JackpotId">1 to 64 of a-z, 0-9 and '-'.</param>
/// <param name="Name">What players see.</param>
/// <param name="Shard">The shard it lives on.</param>
/// <param name="Currency">ISO 4217; every amount below is in it.</param>
/// <param name="Tenants">Operators whose bets feed it.</param>
/// <param name="Pools">In tier order; the first takes rounding remainders.</param>
/// <param name="Funding">Who pays what flows in; part of the stake when left out.</param>
/// <param name="TiersPerBetMax">How many tiers one bet may win; all when left out.</param>
/// <param name="SimultaneousWinners">What several winners that a game names at one moment get; they split when left out.</param>
/// <param name="Eligibility">Who may take part; everybody when left out.</param>
/// <param name="Limits">Above what a stake is held back; no limit when left out.</param>
/// <param name="Links">Jackpots of the same shard that every bet on this one feeds as well.</param>
/// <param name="Sources">What the operators' bets must come from to feed it without naming it.</param>
/// <param name="Callers">Operators who may drop its external pools; when left out the only tenant, and of several none.</param>
public sealed record JackpotDefinition(
    [property: JsonRequired] string JackpotId,
    [property: JsonRequired] string Name,
    [property: JsonRequired] string Shard,
    [property: JsonRequired] string Currency,
    [property: JsonRequired] ImmutableArray<string> Tenants,
    [property: JsonRequired] ImmutableArray<PoolDefinition> Pools,
    FundingMode? Funding = null,
    int? TiersPerBetMax = null,
    SimultaneousPolicy? SimultaneousWinners = null,
    EligibilityDefinition? Eligibility = null,
    LimitsDefinition? Limits = null,
    IReadOnlyList<string>? Links = null,
    IReadOnlyList<SourceDefinition>? Sources = null,
    IReadOnlyList<string>? Callers = null)
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
        [.. Pools.Select(pool => pool.ToConfig())])
    {
        Funding = Funding ?? FundingMode.PartOfStake,
        TiersPerBetMax = TiersPerBetMax ?? JackpotConfig.PoolsMax,
        FeedsOnly = Eligibility?.FeedsOnly ?? [],
        PaidByHouse = Eligibility?.PaidByHouse ?? [],
    };

    /// <summary>Equal terms are equal, also when the arrays are not the same object.</summary>
    public bool Equals(JackpotDefinition? other) => other is not null && ToJson() == other.ToJson();

    public override int GetHashCode() => JackpotId.GetHashCode(StringComparison.Ordinal);
}

/// <summary>One tier. Rates are parts per million of the stake; amounts are in the jackpot's currency.</summary>
/// <param name="PoolId">Unique in the platform.</param>
/// <param name="ContributionPpm">What the player sees in the pool.</param>
/// <param name="ReservePpm">What is set aside for the next seed.</param>
/// <param name="SeedMicros">What a cycle starts from.</param>
/// <param name="CeilingMicros">What the pool never exceeds; none when left out.</param>
/// <param name="Trigger">What makes it drop.</param>
/// <param name="Kind">Progressive when left out.</param>
/// <param name="SeedFunding">Funded by the house when left out.</param>
/// <param name="SeedSharePpm">The next seed is at least this share of the award.</param>
/// <param name="SeedBoostMicros">Added to a seed as far as overflow and reserve can pay it.</param>
/// <param name="Community">Parts of an award for others than whoever dropped the pool.</param>
public sealed record PoolDefinition(
    [property: JsonRequired] string PoolId,
    [property: JsonRequired] int ContributionPpm,
    int ReservePpm,
    [property: JsonRequired, JsonPropertyName("seed"), JsonConverter(typeof(AmountInputConverter))] long SeedMicros,
    [property: JsonPropertyName("ceiling"), JsonConverter(typeof(OptionalAmountInputConverter))] long? CeilingMicros,
    [property: JsonRequired] TriggerDefinition Trigger,
    PoolKind? Kind = null,
    SeedFunding? SeedFunding = null,
    int? SeedSharePpm = null,
    [property: JsonPropertyName("seed_boost"), JsonConverter(typeof(OptionalAmountInputConverter))] long? SeedBoostMicros = null,
    IReadOnlyList<CommunityPartDefinition>? Community = null)
{
    internal PoolConfig ToConfig() => new(
        Core.Ids.PoolId.Parse(PoolId), Rate(ContributionPpm, "contribution_ppm"), Rate(ReservePpm, "reserve_ppm"),
        SeedMicros, CeilingMicros, Trigger.ToTrigger())
    {
        Kind = Kind ?? PoolKind.Progressive,
        SeedFunding = SeedFunding ?? Core.Pools.SeedFunding.HouseFunded,
        SeedShareOfAward = Rate(SeedSharePpm ?? 0, "seed_share_ppm"),
        SeedBoostMicros = SeedBoostMicros ?? 0,
    };

    PartsPerMillion Rate(int ppm, string field) => RateText.Of(ppm, $"pool '{PoolId}': '{field}'");
}

static class RateText
{
    public static PartsPerMillion Of(int ppm, string where) => ppm is >= 0 and <= PartsPerMillion.Whole
        ? new PartsPerMillion(ppm)
        : throw new FormatException($"{where} is {ppm}; it must be 0 to {PartsPerMillion.Whole}");
}

/// <summary>A closed word list on the wire, for example <c>part_of_stake</c>; numbers are refused.</summary>
public sealed class WordConverter<TEnum>() : JsonStringEnumConverter<TEnum>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false)
    where TEnum : struct, Enum;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectRequiredConstructorParameters = false,
    AllowOutOfOrderMetadataProperties = true,
    Converters =
    [
        typeof(WordConverter<FundingMode>), typeof(WordConverter<SimultaneousPolicy>), typeof(WordConverter<PoolKind>),
        typeof(WordConverter<SeedFunding>), typeof(WordConverter<WhenNobodyPlays>), typeof(WordConverter<DayOfWeek>),
        typeof(WordConverter<Core.Links.SourceKind>), typeof(WordConverter<BetFunding>), typeof(WordConverter<ContributionPayer>),
    ])]
[JsonSerializable(typeof(JackpotDefinition))]
public sealed partial class JackpotJson : JsonSerializerContext;
