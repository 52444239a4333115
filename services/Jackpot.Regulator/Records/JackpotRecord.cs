using System.Text.Json.Serialization;
using Jackpot.Contracts.Amounts;
using Jackpot.Contracts.Jackpots;
using Jackpot.Core.Amounts;
using Jackpot.Core.Maths;
using Jackpot.Ledger.Jackpots;
using Jackpot.Ledger.Storage;
using Npgsql;

namespace Jackpot.Regulator.Records;

/// <summary>The record of one jackpot: everything that reconciling it needs, in one place (GLI-19 2.8.7).</summary>
/// <param name="JackpotId">The jackpot.</param>
/// <param name="Status">active, paused or decommissioned.</param>
/// <param name="AvailableFrom">When it was created.</param>
/// <param name="DecommissionedAt">When it ended; left out while it lives.</param>
/// <param name="Contributions">How many were recorded: the in-meter's count.</param>
/// <param name="TermsVersion">Of <paramref name="Terms"/>: games, players, rates, seeds, ceilings and time limits in force.</param>
/// <param name="Terms">As they are written down.</param>
/// <param name="Pools">In tier order.</param>
internal sealed record JackpotRecord(
    string JackpotId, string Status, DateTimeOffset AvailableFrom, DateTimeOffset? DecommissionedAt, long Contributions, int TermsVersion,
    [property: JsonConverter(typeof(DefinitionConverter))] JackpotDefinition Terms, IReadOnlyList<PoolRecord> Pools)
{
    /// <summary>What was taken back of the contributions; like what came in, it only grows.</summary>
    public VoidsRecord Voids { get; init; } = null!;
}

/// <summary>Voids of a jackpot's contributions.</summary>
/// <param name="Count">How many.</param>
/// <param name="Voided">What they took back.</param>
/// <param name="Carried">What of it no pool gave back: operators' settlements carry it.</param>
internal sealed record VoidsRecord(long Count, MoneySum Voided, MoneySum Carried);

/// <summary>The meters of one tier.</summary>
/// <param name="Current">What the player sees.</param>
/// <param name="Overflow">Above the ceiling, for coming seeds.</param>
/// <param name="Reserve">Set aside from stakes for coming seeds.</param>
/// <param name="Reset">What the next cycle starts from at least.</param>
/// <param name="TurnoverPerDrop">The odds, as stakes that bring one drop on average, rounded down; left out when the traffic decides it.</param>
/// <param name="ContributionsIn">Everything that stakes have put in.</param>
/// <param name="Hits">Awards.</param>
/// <param name="Wins">Their value.</param>
internal sealed record PoolRecord(
    string PoolId, long Cycle, Money Current, Money Overflow, Money Reserve, Money Reset, Money? TurnoverPerDrop, MoneySum ContributionsIn, long Hits, MoneySum Wins);

/// <summary>Reads the records.</summary>
internal sealed class JackpotRecordReader(NpgsqlDataSource database, JackpotReader jackpots)
{
    /// <summary>As the jackpot stands, from one snapshot of the tables.</summary>
    public async Task<JackpotRecord> ReadAsync(JackpotEntry entry, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var snapshot = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, ct);
        return await RecordAsync(connection, (await jackpots.ReadAsync(connection, [entry.Number], ct)).Single(), ct);
    }

    static async Task<JackpotRecord> RecordAsync(NpgsqlConnection connection, LoadedJackpot jackpot, CancellationToken ct)
    {
        await using var command = LongRead.Command(connection, """
            SELECT p.tier, j.created_at,
                   CASE WHEN s.status = 'decommissioned' THEN (
                       SELECT to_timestamp(max(e.at_ms) / 1000.0) FROM audit_entry e
                       WHERE e.component = 'jackpot ' || j.jackpot_id AND e.action LIKE 'decommission%') END,
                   coalesce((SELECT sum(-m.players::numeric - m.house) FROM journal m WHERE m.pool = p.id AND m.kind = 'batch'), 0),
                   (SELECT count(*) FROM award a WHERE a.pool = p.id), coalesce((SELECT sum(a.amount) FROM award a WHERE a.pool = p.id), 0),
                   v.count, coalesce(v.voided, 0), coalesce(v.carried, 0)
            FROM pool p JOIN jackpot j ON j.id = p.jackpot JOIN jackpot_state s ON s.id = j.id
            CROSS JOIN LATERAL (SELECT count(*), sum(contribution) AS voided, sum(carried) AS carried FROM void WHERE jackpot = j.id) v
            WHERE p.jackpot = $1 ORDER BY p.tier
            """);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = jackpot.Number });
        await using var row = await command.ExecuteReaderAsync(ct);
        var pools = new List<PoolRecord>();
        var (from, ended) = (default(DateTimeOffset), (DateTimeOffset?)null);
        VoidsRecord? voids = null;
        while (await row.ReadAsync(ct))
        {
            from = row.GetFieldValue<DateTimeOffset>(1);
            ended = row.IsDBNull(2) ? null : row.GetFieldValue<DateTimeOffset>(2);
            var currency = jackpot.Config.Currency.Code;
            voids = new VoidsRecord(row.GetInt64(6), new(row.GetSum(7), currency), new(row.GetSum(8), currency));
            pools.Add(Pool(jackpot, row));
        }

        return new JackpotRecord(
            jackpot.Config.Id.Value, JackpotReader.TextOf(jackpot.State.Status), from, ended, jackpot.State.Sequence, jackpot.Terms.Version,
            jackpot.Terms.Definition, pools)
        {
            Voids = voids!,
        };
    }

    static PoolRecord Pool(LoadedJackpot jackpot, NpgsqlDataReader row)
    {
        var (terms, state) = (jackpot.Config.Pools[row.GetInt16(0)], jackpot.State.Pools[row.GetInt16(0)]);
        return new PoolRecord(
            terms.Id.Value, state.Cycle, Of(state.AmountMicros), Of(state.OverflowMicros), Of(state.ReserveMicros), Of(terms.SeedMicros),
            PoolMaths.AverageTurnoverMicros(terms) is { } turnover ? Of(turnover.FloorOf(1)) : null, Sum(3), row.GetInt64(4), Sum(5));

        Money Of(long micros) => new(micros, jackpot.Config.Currency);

        MoneySum Sum(int column) => new(row.GetSum(column), jackpot.Config.Currency.Code);
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(MoneyJsonConverter)])]
[JsonSerializable(typeof(JackpotRecord))]
internal sealed partial class RecordJson : JsonSerializerContext;
