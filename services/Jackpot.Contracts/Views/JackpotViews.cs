using System.Text.Json.Serialization;
using Jackpot.Contracts.Amounts;
using Jackpot.Contracts.Regions;
using Jackpot.Core.Amounts;

namespace Jackpot.Contracts.Views;

/// <summary>A pool as lobbies show it. <c>sequence</c> only grows: an answer with a smaller one is older.</summary>
public sealed record PoolView(
    string PoolId,
    string JackpotId,
    int Tier,
    string Status,
    long Cycle,
    long Sequence,
    [property: JsonConverter(typeof(MoneyJsonConverter))] Money Amount,
    [property: JsonConverter(typeof(MoneyJsonConverter))] Money Seed,
    string Commitment,
    DateTimeOffset OpenedAt,
    DisplayView? Display = null);

/// <summary>A pool's amount in the currency that was wished for, rounded down to its minor units. For the eye alone: money is in <c>amount</c>.</summary>
/// <param name="Amount">As shown.</param>
/// <param name="Rate">By which, in the direction in which it is configured.</param>
/// <param name="RateVersion">Of the region's rates.</param>
/// <param name="RateAsOf">When they were fixed; left out when their file does not say.</param>
public sealed record DisplayView(
    [property: JsonConverter(typeof(MoneyJsonConverter))] Money Amount, RateView Rate, int RateVersion, DateTimeOffset? RateAsOf);

/// <summary>One unit of <c>from</c> is worth <c>rate</c> units of <c>to</c>.</summary>
public sealed record RateView(string From, string To, [property: JsonConverter(typeof(RateNanosConverter))] long Rate);

/// <summary>All pools of a list.</summary>
public sealed record PoolList(IReadOnlyList<PoolView> Pools);

/// <summary>A jackpot with its pools.</summary>
public sealed record JackpotView(string JackpotId, string Name, string Currency, string Status, long Sequence, IReadOnlyList<PoolView> Pools);

/// <summary>A cycle of a pool. The secret is there once it has dropped; its SHA-256 is the commitment, public since it opened.</summary>
public sealed record CycleView(
    string PoolId,
    long Cycle,
    string Commitment,
    DateTimeOffset OpenedAt,
    long OpenedAfterSequence,
    DateTimeOffset? DroppedAt,
    long? DroppedAtSequence,
    string? Secret);

/// <summary>Cycles of a jackpot, newest first.</summary>
public sealed record CycleList(IReadOnlyList<CycleView> Cycles);

/// <summary>What was promised when a cycle opened.</summary>
public sealed record CommitmentView(string PoolId, long Cycle, string Commitment, DateTimeOffset OpenedAt);

/// <summary>The commitments of a jackpot's running cycles.</summary>
public sealed record CommitmentList(IReadOnlyList<CommitmentView> Commitments);

/// <summary>An award. <c>payout</c> is the first winner's, <c>winners</c> counts all; one award read by itself lists every <c>payouts</c>.</summary>
/// <param name="House">What the house added for further winners; absent when nothing.</param>
/// <param name="PlayerId">The first winner, for their own operator alone.</param>
/// <param name="WinningTickets">Of a raffle, in the order in which they were drawn.</param>
/// <param name="Payouts">All of an award read by itself; of one that was looked for by player, those of that player.</param>
/// <param name="GameId">Of the bet that won, for its own operator and staff; left out when no bet did.</param>
/// <param name="RoundId">As <paramref name="GameId"/>.</param>
/// <param name="JpContribId">As <paramref name="GameId"/>.</param>
public sealed record AwardView(
    string AwardId,
    string PoolId,
    string JackpotId,
    long Cycle,
    long Sequence,
    [property: JsonConverter(typeof(MoneyJsonConverter))] Money Amount,
    DateTimeOffset AwardedAt,
    PayoutView Payout,
    string? PlayerId,
    int Winners,
    [property: JsonConverter(typeof(MoneyJsonConverter))] Money? House,
    IReadOnlyList<long>? WinningTickets,
    IReadOnlyList<PayoutView>? Payouts,
    string? GameId = null,
    string? RoundId = null,
    string? JpContribId = null);

/// <summary>
/// What one winner gets: sharing (others have a part, which is being worked out), requested, crediting, credited or held. <c>attempts</c> counts
/// how often the wallet was asked.
/// </summary>
/// <param name="Winner">Zero for whoever dropped the pool, or was named or drawn first.</param>
/// <param name="Amount">Absent while it is being shared.</param>
/// <param name="Part">The part of the community that it belongs to.</param>
/// <param name="PlayerId">For their own operator alone.</param>
/// <param name="Paid">What the winner gets, in their own currency; absent while it is being shared.</param>
/// <param name="RateVersion">The version of the rate between the two amounts, frozen with the drop; absent when both are in one currency.</param>
public sealed record PayoutView(
    string PayoutId,
    string State,
    string? Reason,
    int Attempts,
    DateTimeOffset ChangedAt,
    int Winner,
    [property: JsonConverter(typeof(MoneyJsonConverter))] Money? Amount,
    string? Part,
    string? PlayerId,
    [property: JsonConverter(typeof(MoneyJsonConverter))] Money? Paid = null,
    int? RateVersion = null);

/// <summary>Awards of a jackpot, newest first.</summary>
/// <param name="Awards">One page.</param>
/// <param name="Next">Ask again with this as 'after'; left out on the last page, and where there are no pages.</param>
public sealed record AwardList(IReadOnlyList<AwardView> Awards, string? Next = null);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PoolView))]
[JsonSerializable(typeof(PoolList))]
[JsonSerializable(typeof(JackpotView))]
[JsonSerializable(typeof(CycleList))]
[JsonSerializable(typeof(CommitmentList))]
[JsonSerializable(typeof(AwardView))]
[JsonSerializable(typeof(AwardList))]
[JsonSerializable(typeof(RulesView))]
public sealed partial class ViewJson : JsonSerializerContext;
