using System.Text.Json.Serialization;
using Jackpot.Contracts.Amounts;

namespace Jackpot.Regulator.Balancing;

/// <summary>What the balancing endpoint answers: all rows when everything balances, only those that differ otherwise.</summary>
internal sealed record BalancingAnswer<TRow>(string By, string Shard, DateTimeOffset AsOf, bool Balanced, IReadOnlyList<TRow> Rows)
{
    /// <summary>Jackpots whose books could not be added up; left out when there are none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<UnreadableBooks>? Unreadable { get; init; }
}

/// <summary>A row of one balance sheet, in micro-units inside and exact decimals on the wire.</summary>
internal interface IBalanced
{
    int Jackpot { get; }

    bool Balances { get; }

    IEnumerable<Difference> Differences { get; }
}

/// <summary>closing = opening + contributions + house seeded - awarded + transferred, over the whole life of a pool, and the same for each of its four balances.</summary>
internal sealed record PoolBalance(
    [property: JsonIgnore] int Jackpot,
    string JackpotId,
    string PoolId,
    string Currency,
    [property: JsonConverter(typeof(SumMicrosConverter))] Int128 Contributions,
    [property: JsonConverter(typeof(SumMicrosConverter))] Int128 HouseSeeded,
    [property: JsonConverter(typeof(SumMicrosConverter))] Int128 Awarded,
    [property: JsonConverter(typeof(SumMicrosConverter))] Int128 Transferred,
    [property: JsonConverter(typeof(SumMicrosConverter))] Int128 Closing,
    [property: JsonConverter(typeof(SumMicrosConverter))] Int128 Difference,
    [property: JsonIgnore] FourBalances Held,
    [property: JsonIgnore] FourBalances Entered) : IBalanced
{
    [JsonConverter(typeof(SumMicrosConverter))]
    public Int128 IncrementDifference => Held.Increment - Entered.Increment;

    [JsonConverter(typeof(SumMicrosConverter))]
    public Int128 SeedDifference => Held.Seed - Entered.Seed;

    [JsonConverter(typeof(SumMicrosConverter))]
    public Int128 ReserveDifference => Held.Reserve - Entered.Reserve;

    [JsonConverter(typeof(SumMicrosConverter))]
    public Int128 OverflowDifference => Held.Overflow - Entered.Overflow;

    [JsonIgnore]
    public bool Balances => Difference == 0 && Held == Entered;

    [JsonIgnore]
    public IEnumerable<Difference> Differences =>
        new Difference[]
        {
            new("pool", PoolId, null, Closing - Difference, Closing),
            new("increment", PoolId, null, Entered.Increment, Held.Increment),
            new("seed", PoolId, null, Entered.Seed, Held.Seed),
            new("reserve", PoolId, null, Entered.Reserve, Held.Reserve),
            new("overflow", PoolId, null, Entered.Overflow, Held.Overflow),
        }.Where(difference => difference.Expected != difference.Found);
}

/// <summary>What a pool holds, or what the entries of its journal add up to.</summary>
internal readonly record struct FourBalances(Int128 Increment, Int128 Seed, Int128 Reserve, Int128 Overflow);

/// <summary>The contributions of a jackpot by operator, row by row, against what its journal says came in; and that none is missing.</summary>
internal sealed record TenantBalance(
    [property: JsonIgnore] int Jackpot,
    string JackpotId,
    string Currency,
    [property: JsonConverter(typeof(SumMicrosConverter))] Int128 ContributionsByTenants,
    [property: JsonConverter(typeof(SumMicrosConverter))] Int128 ContributionsByJournal,
    [property: JsonConverter(typeof(SumMicrosConverter))] Int128 Difference,
    long CountByTenants,
    long CountBySequence,
    IReadOnlyList<TenantSum> Tenants) : IBalanced
{
    [JsonIgnore]
    public bool Balances => Difference == 0 && CountByTenants == CountBySequence;

    // The counts travel as amounts of the event; a whole unit is one contribution.
    [JsonIgnore]
    public IEnumerable<Difference> Differences =>
        new Difference[]
        {
            new("contributions", null, null, ContributionsByJournal, ContributionsByTenants),
            new("contribution_count", null, null, (Int128)CountBySequence * MicrosPerUnit, (Int128)CountByTenants * MicrosPerUnit),
        }.Where(difference => difference.Expected != difference.Found);

    const long MicrosPerUnit = 1_000_000;
}

/// <summary>What one operator's players put in.</summary>
internal sealed record TenantSum(string TenantId, long Count, [property: JsonConverter(typeof(SumMicrosConverter))] Int128 Contributions);

/// <summary>One day (UTC) of one pool. Each opening is the closing before it; the last closing is what the pool holds.</summary>
internal sealed record DayBalance(
    [property: JsonIgnore] int Jackpot,
    string JackpotId,
    string PoolId,
    DateOnly Day,
    string Currency,
    [property: JsonConverter(typeof(SumMicrosConverter))] Int128 Opening,
    [property: JsonConverter(typeof(SumMicrosConverter))] Int128 Contributions,
    [property: JsonConverter(typeof(SumMicrosConverter))] Int128 HouseSeeded,
    [property: JsonConverter(typeof(SumMicrosConverter))] Int128 Awarded,
    [property: JsonConverter(typeof(SumMicrosConverter))] Int128 Transferred,
    [property: JsonConverter(typeof(SumMicrosConverter))] Int128 Closing,
    [property: JsonConverter(typeof(SumMicrosConverter))] Int128 Difference) : IBalanced
{
    [JsonIgnore]
    public bool Balances => Difference == 0;

    [JsonIgnore]
    public IEnumerable<Difference> Differences => Balances ? [] : [new Difference("day", PoolId, Day, Closing - Difference, Closing)];
}

/// <summary>Two figures that must be the same, in micro-units. See <see cref="Contracts.Events.BalancingDifference"/>.</summary>
internal sealed record Difference(string What, string? PoolId, DateOnly? Day, Int128 Expected, Int128 Found)
{
    /// <summary>In place of figures, why there are none.</summary>
    public string? Why { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(BalancingAnswer<PoolBalance>))]
[JsonSerializable(typeof(BalancingAnswer<TenantBalance>))]
[JsonSerializable(typeof(BalancingAnswer<DayBalance>))]
internal sealed partial class BalancingJson : JsonSerializerContext;
