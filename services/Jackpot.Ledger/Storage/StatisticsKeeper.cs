using Jackpot.Ledger.Loops;
using Npgsql;

namespace Jackpot.Ledger.Storage;

/// <summary>
/// Has PostgreSQL analyse every table that it knows nothing of. A crash empties what it has counted, and then its autovacuum leaves alone what
/// does not change much, for good; a partition begins without statistics; and a plan made without them can take minutes in place of seconds.
/// </summary>
internal sealed partial class StatisticsKeeper(NpgsqlDataSource database, LoopTools tools, ILogger<StatisticsKeeper> log)
    : HostedLoop(new LoopPlan("statistics", Interval, "long reads may be slow until the next round") { PassTimeMax = PassTimeMax }, tools)
{
    const long AdvisoryLock = 0x4A50_5354_4154_4953; // "JPSTATIS"

    /// <summary>How long a shard that runs on may do without, after a crash of PostgreSQL or with a new partition.</summary>
    static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    /// <summary>A sample of 30,000 rows, whatever the size of the table; what takes longer is tried again in the next round.</summary>
    static readonly TimeSpan TableTimeMax = TimeSpan.FromMinutes(2);

    static readonly TimeSpan PassTimeMax = TimeSpan.FromHours(1);

    /// <summary>
    /// Tables with rows that nobody has analysed since the statistics were emptied, small ones first. Partitioned tables are left out: to
    /// analyse one is to analyse all its partitions again, and reads of many rows go partition by partition.
    /// </summary>
    const string Unknown = """
        SELECT s.relname FROM pg_stat_user_tables s JOIN pg_class c ON c.oid = s.relid
        WHERE s.schemaname = current_schema() AND c.relkind = 'r' AND s.last_analyze IS NULL AND s.last_autoanalyze IS NULL AND pg_relation_size(s.relid) > 0
        ORDER BY pg_relation_size(s.relid)
        """;

    /// <summary>One round. Answers the tables that were analysed.</summary>
    public static async Task<IReadOnlyList<string>> AnalyzeAsync(NpgsqlDataSource database, CancellationToken ct)
    {
        var analysed = new List<string>();
        foreach (var table in await UnknownAsync(database, ct))
        {
            if (await AnalyzeAsync(database, table, ct))
            {
                analysed.Add(table);
            }
        }

        return analysed;
    }

    /// <summary>Analyses one table, unless another process is at it or somebody changes the table just now.</summary>
    public static async Task<bool> AnalyzeAsync(NpgsqlDataSource database, string table, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        try
        {
            await using var turn = new NpgsqlCommand($"SELECT pg_try_advisory_xact_lock({AdvisoryLock}), set_config('lock_timeout', '100ms', true)", connection);
            if (await turn.ExecuteScalarAsync(ct) is not true)
            {
                return false;
            }

            await using var analyze = new NpgsqlCommand($"ANALYZE \"{table}\"", connection) { CommandTimeout = (int)TableTimeMax.TotalSeconds };
            await analyze.ExecuteNonQueryAsync(ct);
            await transaction.CommitAsync(ct);
            return true;
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.UndefinedTable)
        {
            return false;
        }
    }

    protected override async Task PassAsync(CancellationToken ct)
    {
        var analysed = await AnalyzeAsync(database, ct);
        if (analysed.Count > 0)
        {
            LogAnalysed(log, analysed.Count, analysed);
        }
    }

    static async Task<List<string>> UnknownAsync(NpgsqlDataSource database, CancellationToken ct)
    {
        await using var command = database.CreateCommand(Unknown);
        await using var row = await command.ExecuteReaderAsync(ct);
        var tables = new List<string>();
        while (await row.ReadAsync(ct))
        {
            tables.Add(row.GetString(0));
        }

        return tables;
    }

    [LoggerMessage(EventId = 541, Level = LogLevel.Information, Message = "Had {Count} tables analysed that PostgreSQL knew nothing of: {Tables}")]
    static partial void LogAnalysed(ILogger logger, int count, IReadOnlyList<string> tables);
}
