using System.Text.Json.Serialization;
using Jackpot.Contracts.Amounts;
using Jackpot.Core.Amounts;

namespace Jackpot.Contracts.Events;

/// <summary>The books of a jackpot do not balance. One micro-unit is enough; the jackpot was paused if it was active.</summary>
/// <param name="Shard">Where it lives.</param>
/// <param name="JackpotId">The jackpot.</param>
/// <param name="Version">Of its state once it was paused; with the jackpot's id it names the incident.</param>
/// <param name="Paused">False when the jackpot was not active anyway.</param>
/// <param name="FoundAt">When.</param>
/// <param name="Differences">At least one.</param>
public sealed record BalancingIncident(
    string Shard, string JackpotId, long Version, bool Paused, DateTimeOffset FoundAt, IReadOnlyList<BalancingDifference> Differences);

/// <summary>Two figures that must be the same.</summary>
/// <param name="What">pool, increment, seed, reserve, overflow, contributions, contribution_count, day or awards.</param>
/// <param name="PoolId">The pool, when it is about one.</param>
/// <param name="Day">The day (UTC), when it is about one.</param>
/// <param name="Expected">What the entries add up to.</param>
/// <param name="Found">What is there.</param>
public sealed record BalancingDifference(
    string What,
    string? PoolId,
    DateOnly? Day,
    [property: JsonConverter(typeof(MoneyJsonConverter))] Money Expected,
    [property: JsonConverter(typeof(MoneyJsonConverter))] Money Found);
