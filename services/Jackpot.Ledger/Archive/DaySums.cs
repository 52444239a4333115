using Jackpot.Ledger.Storage;
using Npgsql;
using NpgsqlTypes;

namespace Jackpot.Ledger.Archive;

/// <summary>
/// Adds journal and contributions up by day, page by page, in the caller's snapshot: into the tables that the balancing run keeps, or into
/// temporary ones that end with the transaction. What reads the sums afterwards goes through days, not through rows.
/// </summary>
internal sealed class DaySums(NpgsqlConnection connection, int rowsMax, int? jackpot)
{
    /// <summary>SQL: the journal by day, up to now. Only after <see cref="AddNewAsync"/>.</summary>
    public const string Journal = "(SELECT * FROM journal_day UNION ALL SELECT * FROM journal_sum)";

    /// <summary>SQL: the contributions by day, up to now. Only after <see cref="AddNewAsync"/>.</summary>
    public const string Contributions = "(SELECT * FROM contribution_day UNION ALL SELECT * FROM contribution_sum)";

    const long First = long.MinValue;

    /// <summary>Longest time of one page.</summary>
    static readonly TimeSpan PageTimeMax = TimeSpan.FromMinutes(10);

    /// <summary>Adds what is behind the marks and not beyond the jackpots' states to the kept sums.</summary>
    public async Task KeepNewAsync(CancellationToken ct)
    {
        var states = await StatesAsync(ct);
        await AddAsync(JournalInto("journal_day"), states.SelectMany(state => Inside(state, state.MarkVersion, state.Version)), ct);
        await AddAsync(ContributionsInto("contribution_day"), states.SelectMany(state => Inside(state, state.MarkSequence, state.Sequence)), ct);
    }

    /// <summary>Adds everything that is behind the marks to the temporary sums <c>journal_sum</c> and <c>contribution_sum</c>.</summary>
    public async Task AddNewAsync(CancellationToken ct)
    {
        await CreateAsync("", ct);
        var states = await StatesAsync(ct);
        await AddAsync(JournalInto("journal_sum"), states.SelectMany(state => AndBeyond(state, state.MarkVersion, state.Version)), ct);
        await AddAsync(ContributionsInto("contribution_sum"), states.SelectMany(state => AndBeyond(state, state.MarkSequence, state.Sequence)), ct);
    }

    /// <summary>Adds all rows there are to the temporary sums. Of days that were moved to the archive the kept sums are left, taken while the rows were there.</summary>
    public async Task AddAllAsync(CancellationToken ct)
    {
        await CreateAsync($"INSERT INTO contribution_sum SELECT * FROM contribution_day WHERE day IN {ArchivedRows.Days};", ct);
        var states = await StatesAsync(ct);
        await AddAsync(JournalInto("journal_sum"), states.SelectMany(state => AndBeyond(state, First, state.Version)), ct);
        await AddAsync(ContributionsInto("contribution_sum"), states.SelectMany(state => AndBeyond(state, First, state.Sequence)), ct);
    }

    static IEnumerable<NumberedRows> Inside(State state, long after, long through)
    {
        // Numbers begin at one; what has others is looked for, and is not there.
        if (after < 0)
        {
            yield return new NumberedRows(0, state.Jackpot, after, 0, 0);
        }

        if (through > after)
        {
            yield return NumberedRows.Of(0, state.Jackpot, Math.Max(after, 0), through);
        }
    }

    static IEnumerable<NumberedRows> AndBeyond(State state, long after, long through) =>
        Inside(state, after, through).Append(new NumberedRows(0, state.Jackpot, Math.Max(after, through), long.MaxValue, 0));

    async Task AddAsync(string sql, IEnumerable<NumberedRows> all, CancellationToken ct)
    {
        foreach (var page in RowPages.Of(all, rowsMax))
        {
            await using var command = Command(sql);
            command.Parameters.Add(new NpgsqlParameter<int[]> { TypedValue = [.. page.Select(rows => rows.Jackpot)], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer });
            command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. page.Select(rows => rows.After)], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint });
            command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. page.Select(rows => rows.Through)], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint });
            await command.ExecuteNonQueryAsync(ct);
            LongRead.Progress();
        }
    }

    static string JournalInto(string table) => $"""
        INSERT INTO {table} AS d (pool, day, players, increment, seed, reserve, overflow, house, awards, transfer, fed)
        SELECT p.id, j.day, sum(j.players), sum(j.increment), sum(j.seed), sum(j.reserve), sum(j.overflow), sum(j.house), sum(j.awards), sum(j.transfer), sum(j.fed)
        FROM unnest($1, $2, $3) AS r (jackpot, after, through) JOIN pool p ON p.jackpot = r.jackpot
        CROSS JOIN LATERAL (
            SELECT day, sum(players) AS players, sum(increment) AS increment, sum(seed) AS seed, sum(reserve) AS reserve, sum(overflow) AS overflow,
                   sum(house) AS house, sum(awards) AS awards, sum(transfer) AS transfer, coalesce(sum(-(players::numeric + house)) FILTER (WHERE kind = 'batch'), 0) AS fed
            FROM journal WHERE pool = p.id AND version > r.after AND version <= r.through GROUP BY day) j
        GROUP BY p.id, j.day
        ON CONFLICT (pool, day) DO UPDATE SET
            players = d.players + excluded.players, increment = d.increment + excluded.increment, seed = d.seed + excluded.seed,
            reserve = d.reserve + excluded.reserve, overflow = d.overflow + excluded.overflow, house = d.house + excluded.house,
            awards = d.awards + excluded.awards, transfer = d.transfer + excluded.transfer, fed = d.fed + excluded.fed
        """;

    static string ContributionsInto(string table) => $"""
        INSERT INTO {table} AS d (jackpot, day, tenant_id, count, stake, contribution, funding)
        SELECT r.jackpot, c.day, c.tenant_id, sum(c.count)::bigint, sum(c.stake), sum(c.contribution), c.funding
        FROM unnest($1, $2, $3) AS r (jackpot, after, through)
        CROSS JOIN LATERAL (
            SELECT day, tenant_id, funding, count(*) AS count, sum(stake) AS stake, sum(contribution) AS contribution
            FROM contribution WHERE jackpot = r.jackpot AND sequence > r.after AND sequence <= r.through
              AND day NOT IN {ArchivedRows.Days} GROUP BY day, tenant_id, funding) c
        GROUP BY r.jackpot, c.day, c.tenant_id, c.funding
        ON CONFLICT (jackpot, day, tenant_id, funding) DO UPDATE SET
            count = d.count + excluded.count, stake = d.stake + excluded.stake, contribution = d.contribution + excluded.contribution
        """;

    async Task CreateAsync(string with, CancellationToken ct)
    {
        await using var command = Command($"""
            CREATE TEMP TABLE journal_sum (LIKE journal_day INCLUDING ALL) ON COMMIT DROP;
            CREATE TEMP TABLE contribution_sum (LIKE contribution_day INCLUDING ALL) ON COMMIT DROP;
            {with}
            """);
        await command.ExecuteNonQueryAsync(ct);
    }

    async Task<List<State>> StatesAsync(CancellationToken ct)
    {
        await using var command = Command($"""
            SELECT s.id, coalesce(m.version, '{First}'::bigint), s.version, coalesce(m.sequence, '{First}'::bigint), s.sequence
            FROM jackpot_state s LEFT JOIN balancing_mark m ON m.jackpot = s.id WHERE $1 IS NULL OR s.id = $1 ORDER BY s.id
            """);
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)jackpot ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Integer });
        await using var row = await command.ExecuteReaderAsync(ct);
        var states = new List<State>();
        while (await row.ReadAsync(ct))
        {
            states.Add(new State(row.GetInt32(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4)));
        }

        return states;
    }

    NpgsqlCommand Command(string sql) => new(sql, connection) { CommandTimeout = (int)PageTimeMax.TotalSeconds };

    readonly record struct State(int Jackpot, long MarkVersion, long Version, long MarkSequence, long Sequence);
}
