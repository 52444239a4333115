using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Jackpot.Contracts.Amounts;
using Jackpot.Contracts.Instants;
using Jackpot.Core.Amounts;
using Jackpot.Core.Chain;
using Jackpot.Core.Community;
using Jackpot.Core.Eligibility;
using Jackpot.Core.Ids;
using Jackpot.Core.Limits;
using Jackpot.Core.Links;
using Jackpot.Core.Pools;

namespace Jackpot.Contracts.Jackpots;

/// <summary>Who may take part. A list that is left out or empty lets everybody in.</summary>
/// <param name="Brands">Tenants.</param>
/// <param name="Countries">ISO 3166 codes of the player's country.</param>
/// <param name="Games">Game ids.</param>
/// <param name="Segments">The player must be in one of them.</param>
/// <param name="Bands">Smallest and largest stake per currency; once there is any, other currencies are not taken.</param>
/// <param name="ConsentVersion">The version of the terms that players must have opted in to; no opt-in when left out.</param>
/// <param name="From">An event jackpot's first instant.</param>
/// <param name="Until">The instant after its last; with <paramref name="From"/> or not at all.</param>
/// <param name="Owner">Hash of the only player of a personal pot, 32 hexadecimal digits.</param>
/// <param name="BandsFromHome">True when the one band, in the jackpot's currency, is to be converted to round stakes in every currency with a rate.</param>
/// <param name="BetFunding">What money feeds the jackpot: cash, bonus, free_round; cash and bonus when left out.</param>
/// <param name="BetFundingWins">What of it can win; all when left out. Fixed for the jackpot's life.</param>
/// <param name="FreeRoundsPaidBy">Who pays what a free round gives: the player, when left out, or the house. Fixed for the jackpot's life.</param>
public sealed record EligibilityDefinition(
    IReadOnlyList<string>? Brands = null,
    IReadOnlyList<string>? Countries = null,
    IReadOnlyList<string>? Games = null,
    IReadOnlyList<string>? Segments = null,
    IReadOnlyList<StakeBandDefinition>? Bands = null,
    int? ConsentVersion = null,
    [property: JsonConverter(typeof(InstantConverter))] DateTimeOffset? From = null,
    [property: JsonConverter(typeof(InstantConverter))] DateTimeOffset? Until = null,
    string? Owner = null,
    bool? BandsFromHome = null,
    IReadOnlyList<BetFunding>? BetFunding = null,
    IReadOnlyList<BetFunding>? BetFundingWins = null,
    ContributionPayer? FreeRoundsPaidBy = null)
{
    /// <summary>Money that never wins.</summary>
    internal ImmutableArray<BetFunding> FeedsOnly => BetFundingWins is null ? [] : [.. Enum.GetValues<BetFunding>().Except(BetFundingWins)];

    /// <summary>Money for whose bets the house pays.</summary>
    internal ImmutableArray<BetFunding> PaidByHouse => FreeRoundsPaidBy == ContributionPayer.House ? [Core.Pools.BetFunding.FreeRound] : [];

    /// <exception cref="FormatException">An id, a code or a time breaks its grammar.</exception>
    public EligibilityTerms ToTerms() => new()
    {
        Brands = [.. (Brands ?? []).Select(TenantId.Parse)],
        Countries = [.. Countries ?? []],
        Games = [.. (Games ?? []).Select(GameId.Parse)],
        Segments = [.. Segments ?? []],
        Bands = [.. (Bands ?? []).Select(band => new StakeBand(Currency.Parse(band.Currency), band.MinMicros, band.MaxMicros))],
        ConsentVersion = ConsentVersion,
        Fundings = BetFunding is null ? EligibilityTerms.FundingsDefault : [.. BetFunding],
        Runs = Event(),
        Owner = Owner is null ? null : Hash16.Parse(Owner),
    };

    EventTime? Event() => (From, Until) switch
    {
        (null, null) => null,
        ({ } from, { } until) when from < until => new EventTime(from.ToUnixTimeMilliseconds(), until.ToUnixTimeMilliseconds()),
        _ => throw new FormatException("'eligibility': an event has both 'from' and 'until', and begins before it ends"),
    };
}

/// <summary>Who pays a contribution.</summary>
public enum ContributionPayer
{
    Player,
    House,
}

/// <summary>The stakes that are taken in one currency, both bounds included.</summary>
public sealed record StakeBandDefinition(
    [property: JsonRequired] string Currency,
    [property: JsonRequired, JsonPropertyName("min"), JsonConverter(typeof(AmountInputConverter))] long MinMicros,
    [property: JsonRequired, JsonPropertyName("max"), JsonConverter(typeof(AmountInputConverter))] long MaxMicros);

/// <summary>Above what a stake goes to the quarantine, in the jackpot's currency.</summary>
/// <param name="StakeMicrosMax">Largest single stake; none when left out.</param>
/// <param name="WindowMicrosMax">Most that one tenant may stake in a window; none when left out.</param>
/// <param name="WindowSeconds">Length of the window; a minute when left out.</param>
public sealed record LimitsDefinition(
    [property: JsonPropertyName("stake_max"), JsonConverter(typeof(OptionalAmountInputConverter))] long? StakeMicrosMax = null,
    [property: JsonPropertyName("window_max"), JsonConverter(typeof(OptionalAmountInputConverter))] long? WindowMicrosMax = null,
    int? WindowSeconds = null)
{
    const int Minute = 60;

    public ContributionLimits ToLimits() => new(StakeMicrosMax, WindowMicrosMax, WindowSeconds ?? Minute);
}

/// <summary>Where bets come from, for example <c>{"kind": "vertical", "name": "slots"}</c>.</summary>
public sealed record SourceDefinition([property: JsonRequired] SourceKind Kind, [property: JsonRequired] string Name)
{
    public Source ToSource() => new(Kind, Name);
}

/// <summary>A part of an award for others; <c>kind</c> chooses who.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(AmongActiveDefinition), "among_active")]
[JsonDerivedType(typeof(TopOfCycleDefinition), "top_of_cycle")]
[JsonDerivedType(typeof(TopOfLifetimeDefinition), "top_of_lifetime")]
public abstract record CommunityPartDefinition
{
    /// <exception cref="FormatException">The share is outside 0 to 1,000,000.</exception>
    public abstract CommunityPart ToPart();
}

/// <summary>Drawn among those who contributed in the last hours.</summary>
public sealed record AmongActiveDefinition(
    [property: JsonRequired] int SharePpm, [property: JsonRequired] int WinnersMax, [property: JsonRequired] int Hours) : CommunityPartDefinition
{
    public override CommunityPart ToPart() => new AmongActive(RateText.Of(SharePpm, "'share_ppm'"), WinnersMax, Hours);
}

/// <summary>Those who put most into the cycle.</summary>
public sealed record TopOfCycleDefinition([property: JsonRequired] int SharePpm, [property: JsonRequired] int WinnersMax) : CommunityPartDefinition
{
    public override CommunityPart ToPart() => new TopOfCycle(RateText.Of(SharePpm, "'share_ppm'"), WinnersMax);
}

/// <summary>Those who put most into the pool since it exists.</summary>
public sealed record TopOfLifetimeDefinition([property: JsonRequired] int SharePpm, [property: JsonRequired] int WinnersMax) : CommunityPartDefinition
{
    public override CommunityPart ToPart() => new TopOfLifetime(RateText.Of(SharePpm, "'share_ppm'"), WinnersMax);
}
