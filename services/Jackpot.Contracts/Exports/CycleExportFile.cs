using System.Text.Json;
using Jackpot.Contracts.Jackpots;
using Jackpot.Core.Awards;
using Jackpot.Core.Chain;
using Jackpot.Core.Draws;
using Jackpot.Core.Eligibility;
using Jackpot.Core.Ids;
using Jackpot.Core.Pools;
using Jackpot.Core.Verification;
using Jackpot.Core.Voids;

namespace Jackpot.Contracts.Exports;

/// <summary>
/// A dropped cycle as JSON lines: one header, then one line per batch and one per step of voids. It names no player; <c>jackpot verify</c> recomputes every draw
/// from it without any access to the platform.
/// </summary>
public static class CycleExportFile
{
    const string Format = "jackpot-cycle-export";
    const int Version = 5;

    /// <summary>Of files whose terms take cash alone; programs from before voids, or from before rows said what money they were, read them as well.</summary>
    const int VersionOfCash = 4;
    const int VersionOfCashWithoutVoids = 3;
    const int OldestVersion = 1;
    const string Dropped = "dropped";
    const string PoolsRoad = "pools";
    const string SettlementRoad = "settlement";

    public static void WriteHeader(Stream output, CycleExport export, IReadOnlyList<JackpotDefinition> definitions, VoidLines voids = VoidLines.None)
    {
        var secret = new byte[CycleSecret.Bytes];
        export.Secret.CopyTo(secret);
        var header = new HeaderLine(
            Format, VersionOf(definitions, voids), export.Jackpot.Value, export.Pool.Value, export.Cycle, export.Commitment.ToString(), Convert.ToHexStringLower(secret),
            [.. export.Configs.Zip(definitions, (config, definition) => new TermsLine(config.Version, definition))],
            Line(export.Opening), Line(export.Closing),
            new AwardLine(
                export.Award.Id.Value, export.Award.Sequence, export.Award.AmountMicros, export.Award.RemainderMicros, OrNull(export.Award.WinningTickets),
                export.Award.Epoch?.Shard, export.Award.Epoch?.Number),
            export.ExternalDrop is { } external ? new ExternalDropLine(external.ConfigVersion, external.AfterSequence, external.Head.ToString()) : null,
            OrNull(export.Adjustments.Select(one => new AdjustmentLine(
                one.AfterSequence, one.IncrementMicros, one.ReserveMicros, one.OverflowMicros, one.RedrawsThreshold, one.AfterVoid))),
            OrNull(export.AwardsInstead.Select(other => new OtherAwardLine(other.Pool.Value, other.Cycle, other.Sequence, other.AmountMicros))));
        JsonSerializer.Serialize(output, header, ExportJson.Default.HeaderLine);
        output.WriteByte((byte)'\n');
    }

    static int VersionOf(IReadOnlyList<JackpotDefinition> definitions, VoidLines voids) =>
        definitions.Any(definition => (definition.Eligibility?.BetFunding ?? EligibilityTerms.FundingsDefault).Any(funding => funding != BetFunding.Cash)) ? Version
            : voids == VoidLines.None ? VersionOfCashWithoutVoids : VersionOfCash;

    public static void WriteBatch(Stream output, ExportedBatch batch)
    {
        JsonSerializer.Serialize(output, new BatchLine(
            batch.ConfigVersion, batch.FirstSequence, batch.Count, batch.HeadBefore.ToString(), batch.Root.ToString(), batch.HeadAfter.ToString(),
            [.. batch.Rows.Select(row => new RowLine(row.Sequence, row.StakeMicros, row.ContributionMicros, row.Key.ToString(), row.Body.ToString(), row.Funding == BetFunding.Cash ? null : row.Funding))],
            batch.DecidedAtUnixMs),
            ExportJson.Default.BatchLine);
        output.WriteByte((byte)'\n');
    }

    public static void WriteVoids(Stream output, ExportedVoidStep step)
    {
        JsonSerializer.Serialize(output, new VoidsLine(new VoidStepLine(
            step.ConfigVersion, step.AfterSequence, step.FirstNumber, step.HeadBefore.ToString(), step.Root.ToString(), step.HeadAfter.ToString(),
            [.. step.Voids.Select(row => new VoidLine(
                row.Number, row.Sequence, row.StakeMicros, row.ContributionMicros, row.Road == VoidRoad.Pools ? PoolsRoad : SettlementRoad, row.Key.ToString(), row.Body.ToString()))])),
            ExportJson.Default.VoidsLine);
        output.WriteByte((byte)'\n');
    }

    /// <exception cref="FormatException">The text is not such a file; the message names the line.</exception>
    public static CycleExport Read(TextReader input)
    {
        var header = Parse(input.ReadLine() ?? throw new FormatException("line 1: the file is empty"), 1, ExportJson.Default.HeaderLine);
        if (header.Format != Format || header.Version is < OldestVersion or > Version)
        {
            throw new FormatException($"line 1: format '{header.Format}' version {header.Version} is not '{Format}' version {OldestVersion} to {Version}");
        }

        var batches = new List<ExportedBatch>();
        var voids = new List<ExportedVoidStep>();
        for (var number = 2; input.ReadLine() is { } line; number++)
        {
            if (IsVoids(line))
            {
                voids.Add(InLine(number, () => VoidStep(Parse(line, number, ExportJson.Default.VoidsLine).Voids)));
            }
            else if (line.Length > 0)
            {
                batches.Add(InLine(number, () => Batch(Parse(line, number, ExportJson.Default.BatchLine))));
            }
        }

        return InLine(1, () => Export(header, batches) with { VoidSteps = [.. voids] });
    }

    static CycleExport Export(HeaderLine header, List<ExportedBatch> batches)
    {
        var pool = PoolId.Parse(header.PoolId);
        return new CycleExport(
            JackpotId.Parse(header.JackpotId), pool, header.Cycle,
            [.. header.Terms.Select(terms => terms.Definition.ToConfig() with { Version = terms.ConfigVersion })],
            new Commitment(Hash32.Parse(header.Commitment)), new CycleSecret(Convert.FromHexString(header.Secret)),
            State(header.Opening, pool), [.. batches],
            new ExportedAward(AwardId.Parse(header.Award.AwardId), header.Award.Sequence, header.Award.AmountMicros, header.Award.RemainderMicros)
            {
                WinningTickets = [.. header.Award.WinningTickets ?? []],
                Epoch = header.Award is { Shard: { } shard, ShardEpoch: { } epoch } ? ShardEpoch.Of(shard, epoch) : null,
            },
            State(header.Closing, pool) with { LastAwardMicros = header.Award.AmountMicros })
        {
            ExternalDrop = header.ExternalDrop is { } external ? new ExternalDrop(external.ConfigVersion, external.AfterSequence, Hash32.Parse(external.Head)) : null,
            Adjustments = [.. (header.Adjustments ?? []).Select(one => new Adjustment(
                one.AfterSequence, one.IncrementMicros, one.ReserveMicros, one.OverflowMicros, one.RedrawsThreshold) { AfterVoid = one.AfterVoid })],
            AwardsInstead = [.. (header.AwardsInstead ?? []).Select(other => new OtherAward(
                PoolId.Parse(other.PoolId), other.Cycle, other.Sequence, other.AmountMicros))],
        };
    }

    // A batch can be long, so only its beginning is looked at.
    static bool IsVoids(string line)
    {
        var rest = line.AsSpan().TrimStart();
        return rest.Length > 0 && rest[0] == '{' && rest[1..].TrimStart().StartsWith("\"voids\"", StringComparison.Ordinal);
    }

    static ExportedVoidStep VoidStep(VoidStepLine line) => new(
        line.ConfigVersion, line.AfterSequence, line.FirstNumber, Hash32.Parse(line.HeadBefore), Hash32.Parse(line.Root), Hash32.Parse(line.HeadAfter),
        [.. line.Rows.Select(row => new ExportedVoid(
            row.Number, row.Sequence, row.StakeMicros, row.ContributionMicros, RoadOf(row.Road), Hash16.Parse(row.Key), Hash16.Parse(row.Body)))]);

    static VoidRoad RoadOf(string road) => road switch
    {
        PoolsRoad => VoidRoad.Pools,
        SettlementRoad => VoidRoad.Settlement,
        _ => throw new FormatException($"a void goes by '{PoolsRoad}' or '{SettlementRoad}', not by '{road}'"),
    };

    static ExportedBatch Batch(BatchLine line) => new(
        line.ConfigVersion, line.FirstSequence, line.Count, Hash32.Parse(line.HeadBefore), Hash32.Parse(line.Root), Hash32.Parse(line.HeadAfter),
        [.. line.Rows.Select(row => new ExportedRow(row.Sequence, row.StakeMicros, row.ContributionMicros, Hash16.Parse(row.Key), Hash16.Parse(row.Body), row.Funding ?? BetFunding.Cash))])
    {
        DecidedAtUnixMs = line.DecidedAtMs,
    };

    static StateLine Line(PoolState state) => new(
        state.Status == PoolStatus.Open ? "open" : Dropped, state.Cycle, state.OpenedAfterSequence, state.IncrementMicros, state.SeedMicros,
        state.ReserveMicros, state.OverflowMicros, state.ThresholdAboveMicros, state.OpenedAtUnixMs, state.TicketsSold, state.LastAwardMicros, state.RulesVersion);

    static PoolState State(StateLine line, PoolId pool) => new(
        pool, line.Status == Dropped ? PoolStatus.Dropped : PoolStatus.Open, line.Cycle, line.OpenedAfterSequence, line.IncrementMicros,
        line.SeedMicros, line.ReserveMicros, line.OverflowMicros, line.ThresholdAboveMicros)
    {
        OpenedAtUnixMs = line.OpenedAtMs,
        TicketsSold = line.TicketsSold,
        LastAwardMicros = line.LastAwardMicros,
        RulesVersion = line.Rules,
    };

    static T[]? OrNull<T>(IEnumerable<T> items) => items.ToArray() is { Length: > 0 } some ? some : null;

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

/// <summary>Whether a file has lines of voids.</summary>
public enum VoidLines
{
    None,
    Follow,
}
