using Jackpot.Core.Amounts;
using Npgsql;
using NpgsqlTypes;

namespace Jackpot.Shard.Players;

/// <summary>Whose consent to which jackpot.</summary>
internal readonly record struct OptInKey(string TenantId, string PlayerId, int Jackpot);

/// <summary>What a player has agreed to. <see cref="ConsentVersion"/> is null for somebody who has not opted in, or has opted out again.</summary>
internal sealed record Consent(int? ConsentVersion, Money? PreferredStake, DateTimeOffset? At)
{
    public static readonly Consent None = new(null, null, null);
}

/// <summary>
/// Consents that were asked for lately, "none" included; the table knows all. Entries stay right by the same rule as
/// <see cref="PlayerStatusCache"/>: every change of the table is seen within <see cref="PlayerChanges.Interval"/> and takes its entry away.
/// </summary>
internal sealed class OptInCache(NpgsqlDataSource database) : IDisposable
{
    /// <summary>Most entries of each of the two generations; when the young one is full it becomes the old one, and the old one is forgotten.</summary>
    public const int GenerationMax = 50_000;

    readonly Lock _lock = new();
    readonly SemaphoreSlim _catchingUp = new(1, 1);
    Dictionary<OptInKey, Consent> _young = [];
    Dictionary<OptInKey, Consent> _old = [];
    long _seen;
    long _changes;

    /// <summary>The consent when it is remembered; null when the table must be asked.</summary>
    public Consent? Remembered(in OptInKey key)
    {
        lock (_lock)
        {
            if (_young.TryGetValue(key, out var consent))
            {
                return consent;
            }

            if (_old.TryGetValue(key, out consent))
            {
                Remember(key, consent);
            }

            return consent;
        }
    }

    /// <summary>The consents of all keys, from memory or in one query.</summary>
    /// <remarks>What comes back is whole whatever is forgotten meanwhile, so more keys than memory holds may be asked for.</remarks>
    public async Task<Dictionary<OptInKey, Consent>> FindAsync(IEnumerable<OptInKey> keys, CancellationToken ct)
    {
        var found = new Dictionary<OptInKey, Consent>();
        var missing = new HashSet<OptInKey>();
        foreach (var key in keys)
        {
            if (Remembered(key) is { } consent)
            {
                found[key] = consent;
            }
            else
            {
                missing.Add(key);
            }
        }

        if (missing.Count > 0)
        {
            await AskAsync([.. missing], found, ct);
        }

        return found;
    }

    async Task AskAsync(OptInKey[] keys, Dictionary<OptInKey, Consent> found, CancellationToken ct)
    {
        var changesBefore = Interlocked.Read(ref _changes);
        foreach (var key in keys)
        {
            found[key] = Consent.None;
        }

        await using var command = database.CreateCommand("""
            SELECT k.tenant, k.player, k.jackpot, o.consent_version, o.preferred_stake, o.preferred_currency, o.at
            FROM unnest($1, $2, $3) AS k (tenant, player, jackpot)
            JOIN LATERAL (SELECT * FROM player_opt_in o WHERE o.tenant_id = k.tenant AND o.player_id = k.player AND o.jackpot = k.jackpot
                          ORDER BY version DESC LIMIT 1) o ON true
            """);
        command.Parameters.Add(Texts(keys.Select(key => key.TenantId)));
        command.Parameters.Add(Texts(keys.Select(key => key.PlayerId)));
        command.Parameters.Add(new NpgsqlParameter<int[]> { TypedValue = [.. keys.Select(key => key.Jackpot)], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer });
        await using (var row = await command.ExecuteReaderAsync(ct))
        {
            while (await row.ReadAsync(ct))
            {
                found[new OptInKey(row.GetString(0), row.GetString(1), row.GetInt32(2))] = ConsentOf(row);
            }
        }

        lock (_lock)
        {
            // What was read may be older than a change that was taken in meanwhile; then it is used once and not kept.
            if (changesBefore == _changes)
            {
                Array.ForEach(keys, key => Remember(key, found[key]));
            }
        }
    }

    static Consent ConsentOf(NpgsqlDataReader row) => new(
        row.IsDBNull(3) ? null : row.GetInt32(3), row.IsDBNull(4) ? null : new Money(row.GetInt64(4), Currency.Parse(row.GetString(5))),
        row.GetFieldValue<DateTimeOffset>(6));

    void Remember(in OptInKey key, Consent consent)
    {
        if (_young.Count >= GenerationMax)
        {
            (_old, _young) = (_young, []);
        }

        _young[key] = consent;
    }

    /// <summary>Forgets every entry that the table has changed since the last look.</summary>
    public async Task CatchUpAsync(CancellationToken ct)
    {
        await _catchingUp.WaitAsync(ct);
        try
        {
            await using var command = database.CreateCommand(
                "SELECT version, tenant_id, player_id, jackpot FROM player_opt_in WHERE version > $1 ORDER BY version");
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = _seen });
            await using var row = await command.ExecuteReaderAsync(ct);
            while (await row.ReadAsync(ct))
            {
                Forget(new OptInKey(row.GetString(1), row.GetString(2), row.GetInt32(3)));
                _seen = row.GetInt64(0);
            }
        }
        finally
        {
            _catchingUp.Release();
        }
    }

    /// <summary>Starts from the newest change: nothing is remembered yet that an older one could have made wrong.</summary>
    public async Task StartAsync(CancellationToken ct)
    {
        await using var command = database.CreateCommand("SELECT coalesce(max(version), 0) FROM player_opt_in");
        _seen = (long)(await command.ExecuteScalarAsync(ct))!;
    }

    void Forget(in OptInKey key)
    {
        lock (_lock)
        {
            _young.Remove(key);
            _old.Remove(key);
            _changes++;
        }
    }

    public void Dispose() => _catchingUp.Dispose();

    static NpgsqlParameter<string[]> Texts(IEnumerable<string> texts) => new() { TypedValue = [.. texts], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };
}
