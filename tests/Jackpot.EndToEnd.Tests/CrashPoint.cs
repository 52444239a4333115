using System.Globalization;
using Npgsql;

namespace Jackpot.EndToEnd.Tests;

/// <summary>
/// A place between two steps at which a process is made to stand, so that it can be killed there and nowhere else: a change of a player's payout waits for a
/// lock that the test holds. What waited is lost with the process, as it is when a machine dies before its statement has reached the database.
/// </summary>
sealed class CrashPoint : IAsyncDisposable
{
    /// <summary>Of the advisory locks of all crash points.</summary>
    const int Family = 4_711;

    static int _keys;

    readonly NpgsqlDataSource _database;
    readonly NpgsqlConnection _holder;
    readonly int _key;

    CrashPoint(NpgsqlDataSource database, NpgsqlConnection holder, int key) => (_database, _holder, _key) = (database, holder, key);

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    string Trigger => string.Create(CultureInfo.InvariantCulture, $"crash_point_{_key}");

    /// <summary>Stops whoever is about to move a payout of this player to a state.</summary>
    public static async Task<CrashPoint> BeforeAsync(NpgsqlDataSource database, string player, string state)
    {
        var point = new CrashPoint(database, await database.OpenConnectionAsync(Ct), Interlocked.Increment(ref _keys));
        await point.ExecuteAsync($"SELECT pg_advisory_lock({Family}, {point._key})", point._holder);
        await point.ExecuteAsync($"""
            CREATE FUNCTION {point.Trigger}() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                PERFORM pg_advisory_xact_lock({Family}, {point._key});
                RETURN NEW;
            END $$;
            CREATE TRIGGER {point.Trigger} BEFORE UPDATE OF state ON payout FOR EACH ROW
                WHEN (NEW.player_id = '{player}' AND NEW.state = '{state}') EXECUTE FUNCTION {point.Trigger}()
            """);
        return point;
    }

    /// <summary>Whether somebody stands there.</summary>
    public async Task<bool> IsReachedAsync() => await _database.ScalarAsync($"SELECT count(*) {Waiting}") > 0;

    /// <summary>Lets whoever stands there go on.</summary>
    public Task LetGoAsync() => ExecuteAsync($"SELECT pg_advisory_unlock({Family}, {_key})", _holder);

    /// <summary>Ends what the killed process had asked for.</summary>
    public Task LoseAsync() => ExecuteAsync($"SELECT pg_terminate_backend(pid) {Waiting}");

    string Waiting => string.Create(CultureInfo.InvariantCulture, $"FROM pg_locks WHERE locktype = 'advisory' AND classid = {Family} AND objid = {_key} AND NOT granted");

    async Task ExecuteAsync(string sql, NpgsqlConnection? connection = null)
    {
        await using var command = connection is null ? _database.CreateCommand(sql) : new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Ct);
    }

    public async ValueTask DisposeAsync()
    {
        await LetGoAsync();
        await ExecuteAsync($"DROP TRIGGER {Trigger} ON payout; DROP FUNCTION {Trigger}()");
        await _holder.DisposeAsync();
    }
}
