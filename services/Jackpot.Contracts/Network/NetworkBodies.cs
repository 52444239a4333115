using System.Text.Json;
using System.Text.Json.Serialization;
using Jackpot.Core.Network;
using Jackpot.Core.Pools;

namespace Jackpot.Contracts.Network;

// Numbers, names of ours (a-z, 0-9, '-'), hashes and words of closed lists: NetworkBodiesTests holds that there is nothing else.
sealed record MarkBody(int Epoch, long Sequence, Int128 Contributed, Int128 Voided);

/// <summary>An entry is [stake, contribution], and of a void [stake, contribution, epoch, sequence] of what it takes back: its own number follows from its place.</summary>
sealed record DeltaBody(
    string Jackpot, string Shard, int Home, int Terms, MarkBody? Began, MarkBody Before, IReadOnlyList<long[]> Entries, IReadOnlyList<ReceiptBody> Receipts);

sealed record ReceiptBody(string Award, AwardProgress Progress);

sealed record RangeBody(string Jackpot, string Shard, int Epoch, long From, long To);

sealed record StateBody(
    string Jackpot, int Home, string HomeShard, int HomeEpoch, long Version, long AsOf, JackpotStatus Status, int Terms,
    IReadOnlyList<PoolBody> Pools, IReadOnlyList<FeederBody> Feeders, IReadOnlyList<AwardBody> Awards);

sealed record PoolBody(string Pool, long Cycle, long Amount, string Commitment);

sealed record FeederBody(string Shard, MarkBody? Counted, SuspensionReason? Suspended);

sealed record AwardBody(string Award, string Pool, long Cycle, string Shard, int Epoch, long Sequence, long Amount);

/// <summary>A word of a closed list; numbers are refused.</summary>
sealed class NetworkWord<TEnum>() : JsonStringEnumConverter<TEnum>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false)
    where TEnum : struct, Enum;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true, MaxDepth = 6,
    Converters = [typeof(NetworkWord<AwardProgress>), typeof(NetworkWord<JackpotStatus>), typeof(NetworkWord<SuspensionReason>)])]
[JsonSerializable(typeof(DeltaBody))]
[JsonSerializable(typeof(RangeBody))]
[JsonSerializable(typeof(StateBody))]
[JsonSerializable(typeof(EnvelopeBody))]
sealed partial class NetworkJson : JsonSerializerContext;
