using Jackpot.Core.Pools;
using Jackpot.Ledger.Archive;
using Jackpot.Ledger.Storage;
using Npgsql;
using NpgsqlTypes;

namespace Jackpot.Regulator.Balancing;

/// <summary>Where the sums of a balance sheet come from.</summary>
internal enum BalancingSource
{
    /// <summary>Every row, however many there are, after <see cref="DaySums.AddAllAsync"/>.</summary>
    AllRows,

    /// <summary>The sums per day up to the marks, and the rows after them.</summary>
    Marks,
}

/// <summary>Reads balance sheets. The caller's transaction is the one snapshot that all of a sheet comes from.</summary>
internal static class BalancingReader
{
    /// <summary>Longest time of one sheet.</summary>
    public static readonly TimeSpan TimeMax = TimeSpan.FromMinutes(10);

    /// <summary>Most rows of a sheet by day.</summary>
    public const int DayRowsMax = 100_000;

    /// <param name="connection">In a transaction of one snapshot.</param>
    /// <param name="source">All rows or marks.</param>
    /// <param name="jackpot">Only this one; null for all.</param>
    /// <param name="ct">Gives up.</param>
    public static async Task<List<PoolBalance>> PoolsAsync(NpgsqlConnection connection, BalancingSource source, int? jackpot, CancellationToken ct)
    {
        await using var command = Command(connection, $"""
            SELECT d.id, d.jackpot_id, p.pool_id, d.definition ->> 'currency', s.increment, s.seed, s.reserve, s.overflow,
                   {Sums("players", "house", "awards", "transfer", "increment", "seed", "reserve", "overflow")}
            FROM pool p JOIN jackpot d ON d.id = p.jackpot JOIN pool_state s ON s.id = p.id
            LEFT JOIN {(source == BalancingSource.AllRows ? "journal_sum" : "journal_by_day")} t ON t.pool = p.id
            WHERE $1 IS NULL OR p.jackpot = $1
            GROUP BY d.id, p.id, s.id ORDER BY d.jackpot_id, p.tier
            """, jackpot);
        return await ReadAsync(command, row =>
        {
            var held = new FourBalances(row.GetInt64(4), row.GetInt64(5), row.GetInt64(6), row.GetInt64(7));
            var equation = new MoneyEquation(0, -row.GetSum(8), -row.GetSum(9), row.GetSum(10), -row.GetSum(11), held.Increment + held.Seed + held.Reserve + held.Overflow);
            return new PoolBalance(
                row.GetInt32(0), row.GetString(1), row.GetString(2), row.GetString(3), equation.ContributionsMicros, equation.HouseSeededMicros,
                equation.AwardedMicros, equation.TransfersMicros, equation.ClosingMicros, equation.DifferenceMicros, held,
                new FourBalances(row.GetSum(12), row.GetSum(13), row.GetSum(14), row.GetSum(15)));
        }, ct);
    }

    /// <inheritdoc cref="PoolsAsync"/>
    public static async Task<List<TenantBalance>> TenantsAsync(NpgsqlConnection connection, BalancingSource source, int? jackpot, CancellationToken ct)
    {
        var (journal, contributions) = source == BalancingSource.AllRows ? ("journal_sum", "contribution_sum") : ("journal_by_day", "contribution_by_day");
        await using var command = Command(connection, $"""
            WITH fed AS (SELECT p.jackpot, sum(t.fed) AS micros FROM pool p JOIN {journal} t ON t.pool = p.id
                         WHERE $1 IS NULL OR p.jackpot = $1 GROUP BY p.jackpot),
                 put AS (SELECT jackpot, tenant_id, sum(count)::bigint AS count, sum(contribution) AS micros FROM {contributions} c
                         WHERE $1 IS NULL OR jackpot = $1 GROUP BY jackpot, tenant_id)
            SELECT d.id, d.jackpot_id, d.definition ->> 'currency', coalesce(fed.micros, 0), s.sequence, put.tenant_id, coalesce(put.count, 0), coalesce(put.micros, 0)
            FROM jackpot d JOIN jackpot_state s ON s.id = d.id LEFT JOIN fed ON fed.jackpot = d.id LEFT JOIN put ON put.jackpot = d.id
            WHERE $1 IS NULL OR d.id = $1
            ORDER BY d.jackpot_id, put.tenant_id
            """, jackpot);
        var rows = await ReadAsync(command, row => (
            Jackpot: row.GetInt32(0), Id: row.GetString(1), Currency: row.GetString(2), Fed: row.GetSum(3), Sequence: row.GetInt64(4),
            Tenant: row.IsDBNull(5) ? null : new TenantSum(row.GetString(5), row.GetInt64(6), row.GetSum(7))), ct);
        return [.. rows.GroupBy(row => row.Jackpot).Select(group =>
        {
            var first = group.First();
            var tenants = group.Where(row => row.Tenant is not null).Select(row => row.Tenant!).ToList();
            var sum = tenants.SumOf(tenant => tenant.Contributions);
            return new TenantBalance(
                first.Jackpot, first.Id, first.Currency, sum, first.Fed, sum - first.Fed, tenants.Sum(tenant => tenant.Count), first.Sequence, tenants);
        })];
    }

    /// <summary>The days of an interval on which anything moved.</summary>
    /// <exception cref="TooManyDaysException">They are more than <see cref="DayRowsMax"/> rows.</exception>
    public static async Task<List<DayBalance>> DaysAsync(
        NpgsqlConnection connection, BalancingSource source, int? jackpot, DateOnly from, DateOnly to, CancellationToken ct)
    {
        await using var command = Command(connection, $"""
            SELECT d.id, d.jackpot_id, p.pool_id, d.definition ->> 'currency',
                   CASE WHEN t.day < $2 THEN NULL WHEN t.day > $3 THEN 'infinity' ELSE t.day END AS day,
                   {Sums("players", "house", "awards", "transfer", "increment::numeric + t.seed + t.reserve + t.overflow")},
                   s.increment::numeric + s.seed + s.reserve + s.overflow
            FROM pool p JOIN jackpot d ON d.id = p.jackpot JOIN pool_state s ON s.id = p.id
            JOIN {(source == BalancingSource.AllRows ? "journal_sum" : "journal_by_day")} t ON t.pool = p.id
            WHERE $1 IS NULL OR p.jackpot = $1
            GROUP BY d.id, p.id, s.id, 5 ORDER BY d.jackpot_id, p.tier, 5 NULLS FIRST
            LIMIT {DayRowsMax + 1}
            """, jackpot);
        command.Parameters.Add(new NpgsqlParameter<DateOnly> { TypedValue = from });
        command.Parameters.Add(new NpgsqlParameter<DateOnly> { TypedValue = to });
        var rows = await ReadAsync(command, row => new JournalDay(
            row.GetInt32(0), row.GetString(1), row.GetString(2), row.GetString(3), row.IsDBNull(4) ? null : row.GetFieldValue<DateOnly>(4),
            -row.GetSum(5), -row.GetSum(6), row.GetSum(7), -row.GetSum(8), row.GetSum(9), row.GetSum(10)), ct);
        return rows.Count > DayRowsMax ? throw new TooManyDaysException() : [.. rows.GroupBy(row => row.PoolId).SelectMany(Chained)];
    }

    /// <summary>The last closing is what the pool holds now, less what moved after the interval; every other one is what the entries lead to.</summary>
    static List<DayBalance> Chained(IEnumerable<JournalDay> pool)
    {
        var days = pool.ToList();
        var (opening, after) = (days.Where(day => day.Day is null).SumOf(day => day.Moved), days.Where(day => day.Day == DateOnly.MaxValue).SumOf(day => day.Moved));
        days.RemoveAll(day => day.Day is null || day.Day == DateOnly.MaxValue);
        var chained = new List<DayBalance>(days.Count);
        foreach (var day in days)
        {
            var closing = chained.Count == days.Count - 1 ? day.HeldNow - after : opening + day.Moved;
            var equation = new MoneyEquation(opening, day.Contributions, day.HouseSeeded, day.Awarded, day.Transferred, closing);
            chained.Add(new DayBalance(
                day.Jackpot, day.JackpotId, day.PoolId, day.Day!.Value, day.Currency, opening, day.Contributions, day.HouseSeeded, day.Awarded,
                day.Transferred, closing, equation.DifferenceMicros));
            opening = closing;
        }

        return chained;
    }

    sealed record JournalDay(
        int Jackpot, string JackpotId, string PoolId, string Currency, DateOnly? Day, Int128 Contributions, Int128 HouseSeeded, Int128 Awarded, Int128 Transferred,
        Int128 Moved, Int128 HeldNow);

    static string Sums(params string[] columns) => string.Join(", ", columns.Select(column => $"coalesce(sum(t.{column}), 0)"));

    static NpgsqlCommand Command(NpgsqlConnection connection, string sql, int? jackpot)
    {
        var command = new NpgsqlCommand(sql, connection) { CommandTimeout = (int)TimeMax.TotalSeconds };
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)jackpot ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Integer });
        return command;
    }

    static async Task<List<T>> ReadAsync<T>(NpgsqlCommand command, Func<NpgsqlDataReader, T> read, CancellationToken ct)
    {
        await using var reader = await command.ExecuteReaderAsync(ct);
        var rows = new List<T>();
        while (await reader.ReadAsync(ct))
        {
            rows.Add(read(reader));
        }

        LongRead.Progress();
        return rows;
    }
}

/// <summary>A sheet by day would have more rows than one answer takes.</summary>
internal sealed class TooManyDaysException() : Exception($"these are more than {BalancingReader.DayRowsMax} rows; name a 'jackpot' or fewer days");
