using System.Text.Json;
using System.Text.Json.Serialization;
using Jackpot.Contracts.Amounts;
using Jackpot.Contracts.Jackpots;
using Jackpot.Core.Chain;
using Jackpot.Core.Draws;
using Jackpot.Core.Ids;
using Jackpot.Core.Pools;
using Jackpot.Core.Verification;

namespace Jackpot.Contracts.Exports;

/// <summary>
/// A dropped cycle as JSON lines: one header, then one line per batch. It names no player; <c>jackpot verify</c> recomputes every draw
/// from it without any access to the platform.
/// </summary>
public static class CycleExportFile
{
    const string Format = "jackpot-cycle-export";
    const int Version = 1;
    const string Dropped = "dropped";

    public static void WriteHeader(Stream output, CycleExport export, IReadOnlyList<JackpotDefinition> definitions)
    {
        var secret = new byte[CycleSecret.Bytes];
        export.Secret.CopyTo(secret);
        var header = new HeaderLine(
            Format, Version, export.Jackpot.Value, export.Pool.Value, export.Cycle, export.Commitment.ToString(), Convert.ToHexStringLower(secret),
            [.. export.Configs.Zip(definitions, (config, definition) => new TermsLine(config.Version, definition))],
            Line(export.Opening), Line(export.Closing),
            new AwardLine(export.Award.Id.Value, export.Award.Sequence, export.Award.AmountMicros, export.Award.RemainderMicros));
        JsonSerializer.Serialize(output, header, ExportJson.Default.HeaderLine);
        output.WriteByte((byte)'\n');
    }

    public static void WriteBatch(Stream output, ExportedBatch batch)
    {
        JsonSerializer.Serialize(output, new BatchLine(
            batch.ConfigVersion, batch.FirstSequence, batch.Count, batch.HeadBefore.ToString(), batch.Root.ToString(), batch.HeadAfter.ToString(),
            [.. batch.Rows.Select(row => new RowLine(row.Sequence, row.StakeMicros, row.ContributionMicros, row.Key.ToString(), row.Body.ToString()))]),
            ExportJson.Default.BatchLine);
        output.WriteByte((byte)'\n');
    }

    /// <exception cref="FormatException">The text is not such a file; the message names the line.</exception>
    public static CycleExport Read(TextReader input)
    {
        var header = Parse(input.ReadLine() ?? throw new FormatException("line 1: the file is empty"), 1, ExportJson.Default.HeaderLine);
        if (header.Format != Format || header.Version != Version)
        {
            throw new FormatException($"line 1: format '{header.Format}' version {header.Version} is not '{Format}' version {Version}");
        }

        var batches = new List<ExportedBatch>();
        for (var number = 2; input.ReadLine() is { } line; number++)
        {
            if (line.Length > 0)
            {
                batches.Add(InLine(number, () => Batch(Parse(line, number, ExportJson.Default.BatchLine))));
            }
        }

        return InLine(1, () => Export(header, batches));
    }

    static CycleExport Export(HeaderLine header, List<ExportedBatch> batches)
    {
        var pool = PoolId.Parse(header.PoolId);
        return new CycleExport(
            JackpotId.Parse(header.JackpotId), pool, header.Cycle,
            [.. header.Terms.Select(terms => terms.Definition.ToConfig() with { Version = terms.ConfigVersion })],
            new Commitment(Hash32.Parse(header.Commitment)), new CycleSecret(Convert.FromHexString(header.Secret)),
            State(header.Opening, pool), [.. batches],
            new ExportedAward(AwardId.Parse(header.Award.AwardId), header.Award.Sequence, header.Award.AmountMicros, header.Award.RemainderMicros),
            State(header.Closing, pool) with { LastAwardMicros = header.Award.AmountMicros });
    }

    static ExportedBatch Batch(BatchLine line) => new(
        line.ConfigVersion, line.FirstSequence, line.Count, Hash32.Parse(line.HeadBefore), Hash32.Parse(line.Root), Hash32.Parse(line.HeadAfter),
        [.. line.Rows.Select(row => new ExportedRow(row.Sequence, row.StakeMicros, row.ContributionMicros, Hash16.Parse(row.Key), Hash16.Parse(row.Body)))]);

    static StateLine Line(PoolState state) => new(
        state.Status == PoolStatus.Open ? "open" : Dropped, state.Cycle, state.OpenedAfterSequence, state.IncrementMicros, state.SeedMicros,
        state.ReserveMicros, state.OverflowMicros, state.ThresholdAboveMicros);

    static PoolState State(StateLine line, PoolId pool) => new(
        pool, line.Status == Dropped ? PoolStatus.Dropped : PoolStatus.Open, line.Cycle, line.OpenedAfterSequence, line.IncrementMicros,
        line.SeedMicros, line.ReserveMicros, line.OverflowMicros, line.ThresholdAboveMicros);

    static T Parse<T>(string line, int number, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> json) where T : class =>
        InLine(number, () => JsonSerializer.Deserialize(line, json) ?? throw new FormatException("it is null"));

    static T InLine<T>(int number, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is JsonException or FormatException or ArgumentException)
        {
            throw new FormatException($"line {number}: {e.Message}", e);
        }
    }
}

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
    AwardLine Award);

internal sealed record TermsLine(int ConfigVersion, JackpotDefinition Definition);

internal sealed record StateLine(
    string Status,
    long Cycle,
    long OpenedAfterSequence,
    [property: JsonPropertyName("increment"), JsonConverter(typeof(AmountMicrosConverter))] long IncrementMicros,
    [property: JsonPropertyName("seed"), JsonConverter(typeof(AmountMicrosConverter))] long SeedMicros,
    [property: JsonPropertyName("reserve"), JsonConverter(typeof(AmountMicrosConverter))] long ReserveMicros,
    [property: JsonPropertyName("overflow"), JsonConverter(typeof(AmountMicrosConverter))] long OverflowMicros,
    [property: JsonPropertyName("threshold_above"), JsonConverter(typeof(AmountMicrosConverter))] long ThresholdAboveMicros);

internal sealed record AwardLine(
    string AwardId,
    long Sequence,
    [property: JsonPropertyName("amount"), JsonConverter(typeof(AmountMicrosConverter))] long AmountMicros,
    [property: JsonPropertyName("remainder"), JsonConverter(typeof(AmountMicrosConverter))] long RemainderMicros);

/// <summary>Every further line: one batch of the hash chain.</summary>
internal sealed record BatchLine(
    int ConfigVersion, long FirstSequence, int Count, string HeadBefore, string Root, string HeadAfter, IReadOnlyList<RowLine> Rows);

internal sealed record RowLine(
    long Sequence,
    [property: JsonPropertyName("stake"), JsonConverter(typeof(AmountMicrosConverter))] long StakeMicros,
    [property: JsonPropertyName("contribution"), JsonConverter(typeof(AmountMicrosConverter))] long ContributionMicros,
    string Key,
    string Body);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectRequiredConstructorParameters = true,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(HeaderLine))]
[JsonSerializable(typeof(BatchLine))]
internal sealed partial class ExportJson : JsonSerializerContext;
