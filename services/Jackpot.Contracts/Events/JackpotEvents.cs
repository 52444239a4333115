using System.Text.Json.Serialization;
using Jackpot.Contracts.Amounts;
using Jackpot.Core.Amounts;

namespace Jackpot.Contracts.Events;

/// <summary>Contributions were stored: one event per commit, one entry per jackpot in it.</summary>
public sealed record ContributionRecorded(string Shard, IReadOnlyList<RecordedBatch> Batches);

/// <summary>The contributions <c>first_sequence</c> to <c>first_sequence + count - 1</c> of a jackpot, and its pools after them.</summary>
public sealed record RecordedBatch(
    string JackpotId,
    long FirstSequence,
    int Count,
    [property: JsonConverter(typeof(MoneyJsonConverter))] Money Contributions,
    IReadOnlyList<RecordedPool> Pools);

/// <summary>What a pool shows after a commit.</summary>
public sealed record RecordedPool(string PoolId, long Cycle, [property: JsonConverter(typeof(MoneyJsonConverter))] Money Amount);

/// <summary>
/// A pool's amount changed. Coalesced: the newest state, not every step. Neither <c>cycle</c> nor <c>sequence</c> ever goes back, so a late one
/// can be dropped; a drop that no contribution caused moves the cycle alone.
/// </summary>
public sealed record PoolUpdated(
    string PoolId,
    string JackpotId,
    long Cycle,
    long Sequence,
    [property: JsonConverter(typeof(MoneyJsonConverter))] Money Amount,
    DateTimeOffset AsOf);

/// <summary>
/// A pool dropped and its award is frozen. Who won is known to the shard alone: <c>tenant_id</c> is the first winner's, <c>payouts</c> counts the
/// winners. <c>sharing</c>: others have a part of the award, and who they are is being worked out.
/// </summary>
public sealed record JackpotTriggered(
    string Shard,
    string AwardId,
    string PoolId,
    string JackpotId,
    string TenantId,
    long Cycle,
    long Sequence,
    [property: JsonConverter(typeof(MoneyJsonConverter))] Money Amount,
    DateTimeOffset AwardedAt,
    int Payouts = 1,
    bool Sharing = false);

/// <summary>A payout changed its state: requested, credited, failed or held. <c>reason</c> is the wallet's or ours, never a person's data.</summary>
public sealed record PayoutChanged(
    string PayoutId,
    string AwardId,
    string TenantId,
    [property: JsonConverter(typeof(MoneyJsonConverter))] Money Amount,
    string State,
    string? Reason,
    int Attempts,
    DateTimeOffset ChangedAt);

/// <summary>
/// Terms came into force: the notice for whoever reconciles a jackpot (NJ 13:69D-1.52(e)3). Approved changes make one for each of their parts
/// that takes effect at a moment of its own. The values before and after, and who decided, are in the shard's audit log.
/// </summary>
/// <param name="AfterSequence">In force for contributions after this one.</param>
/// <param name="Fields">What changed, for example <c>pools.euro-spins-main.contribution_ppm</c>.</param>
public sealed record ConfigChanged(string JackpotId, long ChangeId, int TermsVersion, long AfterSequence, IReadOnlyList<string> Fields);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ContributionRecorded))]
[JsonSerializable(typeof(PoolUpdated))]
[JsonSerializable(typeof(JackpotTriggered))]
[JsonSerializable(typeof(PayoutChanged))]
[JsonSerializable(typeof(BalancingIncident))]
[JsonSerializable(typeof(ConfigChanged))]
public sealed partial class EventJson : JsonSerializerContext;
