using System.Diagnostics;
using System.Globalization;

namespace Jackpot.Bench.Bed;

/// <summary>
/// Writes past contributions straight into the tables, made by the database itself: rows, keys, batches and books of jackpots that were
/// created through the shard's endpoint. Money and sequences are exact, so that the balance must still hold; the hashes in batches and heads
/// are made up, so these jackpots could not be verified.
/// </summary>
sealed class Growth
{
    internal const int JackpotsMax = 10_000;

    /// <summary>Contributions that one batch is pretended to have held; about what a busy jackpot's batches hold.</summary>
    const int BatchRows = 100;

    /// <summary>Rows of one transaction.</summary>
    const long ChunkRows = 500_000;

    /// <summary>Measured with a million rows: row, index entries and key, and the log that is kept meanwhile. Fifty million took 450 each.</summary>
    const double BytesPerRow = 620;

    /// <summary>Measured with fifty million rows on two slow cores; quick ones write twice as many.</summary>
    const double RowsPerSecond = 24_000;

    /// <summary>Connections that write at once, each its share of the jackpots.</summary>
    const int Writers = 2;

    /// <summary>As the shard closes windows of idempotency keys.</summary>
    const long WindowRows = 8_000_000;

    const string Pools = "bench-grown";

    /// <summary>As scattered as a real key, at a fraction of what gen_random_uuid() costs.</summary>
    const string Key = "(lpad(to_hex(hashint8extended(n, id)), 16, '0') || lpad(to_hex(hashint8extended(n, -id)), 16, '0'))::uuid";

    /// <summary>An empty array.</summary>
    const string NoSuspects = "{}";

    static readonly TimeSpan FilterDeadline = TimeSpan.FromMinutes(5);

    readonly BenchRun _run;
    readonly long _rowsPerJackpot;

    Growth(BenchRun run, int jackpots, long rowsPerJackpot) => (_run, Jackpots, _rowsPerJackpot) = (run, jackpots, rowsPerJackpot);

    internal int Jackpots { get; }

    internal long Rows => Jackpots * _rowsPerJackpot;

    internal string[] PoolFields => [.. Ids.Select(BenchJackpots.PoolField)];

    IEnumerable<string> Ids => Enumerable.Range(0, Jackpots).Select(n => $"{Pools}-{n}");

    /// <summary>Says what it will take, before anything is measured.</summary>
    /// <exception cref="InvalidOperationException">The disk has too little room.</exception>
    internal static async Task<Growth> PlanAsync(BenchRun run)
    {
        var jackpots = (int)Math.Min(JackpotsMax, Math.Max(1, run.Options.GrowRows / BatchRows));
        var growth = new Growth(run, jackpots, Math.Max(1, run.Options.GrowRows / jackpots));
        var folder = Path.GetDirectoryName(await run.Bed.ScalarAsync("SHOW data_directory"))!;
        var (needed, free) = (growth.Rows * BytesPerRow, (double)new DriveInfo(folder).AvailableFreeSpace);
        var estimate = string.Create(CultureInfo.InvariantCulture,
            $"{growth.Rows:#,0} contributions in {jackpots:#,0} jackpots need about {Gigabytes(needed):0.0} GB under {folder} and {TimeSpan.FromSeconds(growth.Rows / RowsPerSecond).TotalMinutes:0} minutes");
        if (needed > free)
        {
            throw new InvalidOperationException($"{estimate}, but only {Gigabytes(free):0.0} GB are free there. Make room, or ask for fewer with --grow-rows.");
        }
        BenchRun.Say($"P13: {estimate}; {Gigabytes(free):0.0} GB are free.");
        return growth;
    }

    internal Task CreateAsync()
    {
        BenchRun.Say($"creation {Jackpots:#,0} jackpots");
        return _run.Jackpots.CreateAsync(Ids.Select(id => (id, BenchJackpots.Rare(id))));
    }

    internal async Task FillAsync()
    {
        await PrepareAsync();
        var progress = new Progress(this);
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => FillShareAsync(writer, progress)));
        _run.Money.CountStored(Rows);
        BenchRun.Say("vacuuming what was written");
        foreach (var table in (string[])["contribution", "dedupe", "batch", "journal", "jackpot_state", "pool_state"])
        {
            await _run.Bed.ScalarAsync($"VACUUM (ANALYZE) {table}");
        }
        await _run.Bed.ScalarAsync("CHECKPOINT");
        await FiltersMadeAsync();
    }

    async Task FillShareAsync(int writer, Progress progress)
    {
        var perChunk = Math.Max(1, ChunkRows / _rowsPerJackpot);
        while (long.Parse(await _run.Bed.ScalarAsync(Chunk(writer, perChunk)), CultureInfo.InvariantCulture) is > 0 and var jackpots)
        {
            if (progress.Add(jackpots * _rowsPerJackpot))
            {
                await _run.Bed.ScalarAsync("SELECT jp_close_dedupe_window(number, clock_timestamp()) FROM dedupe_window WHERE closed_at IS NULL");
            }
        }
    }

    /// <summary>The shard makes a filter of every closed window in the background; the measurement must not pay for that.</summary>
    async Task FiltersMadeAsync()
    {
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < FilterDeadline
            && await _run.Bed.ScalarAsync("SELECT count(*) FROM dedupe_window WHERE closed_at IS NOT NULL AND dropped_at IS NULL AND filter IS NULL") != "0")
        {
            await Task.Delay(TimeSpan.FromSeconds(1));
        }
    }

    /// <summary>What one contribution moves, taken from those that were really made; and the days before today.</summary>
    Task<string> PrepareAsync() => _run.Bed.ScalarAsync($"""
        CREATE TABLE bench_grown (id integer PRIMARY KEY);
        CREATE TABLE bench_share AS
            SELECT (-sum(g.players) / max(s.sequence))::bigint AS paid, (sum(g.increment) / max(s.sequence))::bigint AS increment,
                   (sum(g.reserve) / max(s.sequence))::bigint AS reserve
            FROM jackpot j JOIN jackpot_state s USING (id) JOIN pool p ON p.jackpot = j.id JOIN journal g ON g.pool = p.id AND g.kind = 'batch'
            WHERE j.jackpot_id = '{BenchRun.Hot}';
        SELECT jp_create_contribution_partition(current_date - d) FROM generate_series(1, 7) d;
        """);

    /// <summary>
    /// The next jackpots of a writer that have none of these rows yet get theirs, each its share on one of the seven days before today. Answers
    /// how many there were.
    /// </summary>
    string Chunk(int writer, long jackpots) => $"""
        BEGIN;
        SET LOCAL synchronous_commit = off;
        SET LOCAL work_mem = '256MB';
        CREATE TEMP TABLE w ON COMMIT DROP AS
            SELECT jp_enter_dedupe_window(number, '{NoSuspects}', '{NoSuspects}', '{NoSuspects}', '{NoSuspects}') AS number FROM dedupe_window WHERE closed_at IS NULL;
        CREATE TEMP TABLE g ON COMMIT DROP AS
            SELECT j.id, j.config_version, s.sequence AS before, s.version, p.id AS pool, b.cycle, b.seed + b.increment AS opening,
                   current_date - 1 - j.id % 7 AS day
            FROM jackpot j JOIN jackpot_state s USING (id) JOIN pool p ON p.jackpot = j.id JOIN pool_state b ON b.id = p.id
            WHERE j.jackpot_id LIKE '{Pools}-%' AND j.id % {Writers} = {writer} AND NOT EXISTS (SELECT FROM bench_grown d WHERE d.id = j.id)
            ORDER BY j.id LIMIT {jackpots};
        WITH made AS MATERIALIZED (
            SELECT g.*, n, {Key} AS key16 FROM g, generate_series(1, {_rowsPerJackpot}) n),
        keyed AS (
            INSERT INTO dedupe (key16, id_is_key, sequence, jackpot, in_window) SELECT key16, true, before + n, id, w.number FROM made, w)
        INSERT INTO contribution (day, jackpot, sequence, stake, contribution, amounts, key16, body16, tenant_id, contribution_id, player_id,
                                  game_id, round_id, bet, bet_currency, rate_nanos, rate_version, occurred_at, received_at)
            SELECT day, id, before + n, 2000000, paid, int8send(opening + n * increment), key16, key16, 'brand-42', 'c' || (1000000000000000 + n),
                   'player-17', 'starlight', 'r' || (1000000000000000 + n), 2000000, 'EUR', 1000000000, 0, day, day
            FROM made, bench_share;
        CREATE TEMP TABLE made_batch ON COMMIT DROP AS
            SELECT g.*, b, least({BatchRows}, {_rowsPerJackpot} - (b - 1) * {BatchRows}) AS count, sha256(convert_to(id || '-' || b, 'UTF8')) AS hash
            FROM g, generate_series(1, {Batches}) b;
        INSERT INTO batch (jackpot, first_sequence, count, config_version, day, root, head)
            SELECT id, before + 1 + (b - 1) * {BatchRows}, count, config_version, day, hash, hash FROM made_batch;
        INSERT INTO journal (pool, sequence, cycle, kind, players, increment, reserve, version, day)
            SELECT pool, before + (b - 1) * {BatchRows} + count, cycle, 'batch', -count * paid, count * increment, count * reserve, version + b, day
            FROM made_batch, bench_share;
        UPDATE jackpot_state s SET version = s.version + {Batches}, sequence = s.sequence + {_rowsPerJackpot}, chain_head = m.hash
            FROM made_batch m WHERE m.id = s.id AND m.b = {Batches};
        UPDATE pool_state p SET increment = p.increment + {_rowsPerJackpot} * h.increment, reserve = p.reserve + {_rowsPerJackpot} * h.reserve
            FROM g, bench_share h WHERE g.pool = p.id;
        INSERT INTO bench_grown SELECT id FROM g;
        SELECT count(*) FROM g;
        COMMIT;
        """;

    long Batches => (_rowsPerJackpot + BatchRows - 1) / BatchRows;

    static double Gigabytes(double bytes) => bytes / (1L << 30);

    /// <summary>What all writers have written.</summary>
    sealed class Progress(Growth growth)
    {
        readonly Stopwatch _clock = Stopwatch.StartNew();
        readonly Lock _lock = new();
        long _rows;
        long _inWindow;

        /// <summary>Counts rows and says how long the rest will take. True when the window of idempotency keys is full and to be closed by the caller.</summary>
        internal bool Add(long rows)
        {
            lock (_lock)
            {
                _rows += rows;
                _inWindow += rows;
                var share = (double)_rows / growth.Rows;
                BenchRun.Say(string.Create(CultureInfo.InvariantCulture, $"{_rows:#,0} of {growth.Rows:#,0} rows, {_clock.Elapsed / share * (1 - share):h\\:mm\\:ss} to go"));
                if (_inWindow < WindowRows)
                {
                    return false;
                }
                _inWindow = 0;
                return true;
            }
        }
    }
}
