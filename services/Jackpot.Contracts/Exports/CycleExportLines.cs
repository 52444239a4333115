using System.Text.Json.Serialization;
using Jackpot.Contracts.Amounts;
using Jackpot.Contracts.Jackpots;
using Jackpot.Core.Pools;

namespace Jackpot.Contracts.Exports;

/// <summary>Line 1 of the file.</summary>
internal sealed record HeaderLine(
    string Format,
    int Version,
    string JackpotId,
    string PoolId,
    long Cycle,
    string Commitment,
    string Secret,
    IReadOnlyList<TermsLine> Terms,
    StateLine Opening,
    StateLine Closing,
    AwardLine Award,
    [property: JsonPropertyName("called")] ExternalDropLine? ExternalDrop = null,
    IReadOnlyList<AdjustmentLine>? Adjustments = null,
    IReadOnlyList<OtherAwardLine>? AwardsInstead = null);

internal sealed record TermsLine(int ConfigVersion, [property: JsonConverter(typeof(DefinitionConverter))] JackpotDefinition Definition);

internal sealed record StateLine(
    string Status,
    long Cycle,
    long OpenedAfterSequence,
    [property: JsonPropertyName("increment"), JsonConverter(typeof(AmountMicrosConverter))] long IncrementMicros,
    [property: JsonPropertyName("seed"), JsonConverter(typeof(AmountMicrosConverter))] long SeedMicros,
    [property: JsonPropertyName("reserve"), JsonConverter(typeof(AmountMicrosConverter))] long ReserveMicros,
    [property: JsonPropertyName("overflow"), JsonConverter(typeof(AmountMicrosConverter))] long OverflowMicros,
    [property: JsonPropertyName("threshold_above"), JsonConverter(typeof(AmountMicrosConverter))] long ThresholdAboveMicros,
    long OpenedAtMs = 0,
    long TicketsSold = 0,
    [property: JsonPropertyName("last_award"), JsonConverter(typeof(AmountMicrosConverter))] long LastAwardMicros = 0,
    int Rules = PoolRules.RulesVersionFirst);

internal sealed record AwardLine(
    string AwardId,
    long Sequence,
    [property: JsonPropertyName("amount"), JsonConverter(typeof(AmountMicrosConverter))] long AmountMicros,
    [property: JsonPropertyName("remainder"), JsonConverter(typeof(AmountMicrosConverter))] long RemainderMicros,
    IReadOnlyList<long>? WinningTickets = null,
    string? Shard = null,
    int? ShardEpoch = null);

/// <summary>An external trigger dropped the pool after this sequence.</summary>
internal sealed record ExternalDropLine(int ConfigVersion, long AfterSequence, string Head);

/// <summary>Money that came from elsewhere after this sequence.</summary>
internal sealed record AdjustmentLine(
    long AfterSequence,
    [property: JsonPropertyName("increment"), JsonConverter(typeof(AmountMicrosConverter))] long IncrementMicros,
    [property: JsonPropertyName("reserve"), JsonConverter(typeof(AmountMicrosConverter))] long ReserveMicros,
    [property: JsonPropertyName("overflow"), JsonConverter(typeof(AmountMicrosConverter))] long OverflowMicros,
    bool RedrawsThreshold,
    long AfterVoid = 0);

/// <summary>An award of another tier that one bet won instead.</summary>
internal sealed record OtherAwardLine(
    string PoolId,
    long Cycle,
    long Sequence,
    [property: JsonPropertyName("amount"), JsonConverter(typeof(AmountMicrosConverter))] long AmountMicros);

/// <summary>A further line: one step of voids, which is a link of the hash chain between two batches.</summary>
internal sealed record VoidsLine(VoidStepLine Voids);

internal sealed record VoidStepLine(
    int ConfigVersion, long AfterSequence, long FirstNumber, string HeadBefore, string Root, string HeadAfter, IReadOnlyList<VoidLine> Rows);

internal sealed record VoidLine(
    long Number,
    long Sequence,
    [property: JsonPropertyName("stake"), JsonConverter(typeof(AmountMicrosConverter))] long StakeMicros,
    [property: JsonPropertyName("contribution"), JsonConverter(typeof(AmountMicrosConverter))] long ContributionMicros,
    string Road,
    string Key,
    string Body);

/// <summary>Every other line: one batch of the hash chain.</summary>
internal sealed record BatchLine(
    int ConfigVersion, long FirstSequence, int Count, string HeadBefore, string Root, string HeadAfter, IReadOnlyList<RowLine> Rows, long DecidedAtMs = 0);

internal sealed record RowLine(
    long Sequence,
    [property: JsonPropertyName("stake"), JsonConverter(typeof(AmountMicrosConverter))] long StakeMicros,
    [property: JsonPropertyName("contribution"), JsonConverter(typeof(AmountMicrosConverter))] long ContributionMicros,
    string Key,
    string Body,
    [property: JsonConverter(typeof(WordConverter<BetFunding>))] BetFunding? Funding = null);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectRequiredConstructorParameters = true,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(HeaderLine))]
[JsonSerializable(typeof(BatchLine))]
[JsonSerializable(typeof(VoidsLine))]
internal sealed partial class ExportJson : JsonSerializerContext;
