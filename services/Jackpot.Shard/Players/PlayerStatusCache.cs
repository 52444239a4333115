using System.Collections.Concurrent;
using Jackpot.Core.Eligibility;
using Npgsql;

namespace Jackpot.Shard.Players;

/// <summary>
/// How players stand, in memory: only those who are not simply good, for they are few and everybody is looked up on every bet. Loaded before
/// the port opens; what this replica changes is in it before the change is answered, what others change within
/// <see cref="PlayerChanges.Interval"/>.
/// </summary>
internal sealed class PlayerStatusCache(NpgsqlDataSource database) : IDisposable
{
    /// <summary>Most exceptional players of one shard, about 200 bytes each. Beyond it a change to anything but good is refused, loudly.</summary>
    public const int ExceptionalMax = 1_000_000;

    readonly ConcurrentDictionary<string, ConcurrentDictionary<string, PlayerStatus>> _byTenant = new(StringComparer.Ordinal);
    readonly SemaphoreSlim _catchingUp = new(1, 1);
    long _seen;
    int _count;

    public bool IsFull => _count >= ExceptionalMax;

    public PlayerStatus Of(string tenantId, string playerId) =>
        _byTenant.TryGetValue(tenantId, out var players) && players.TryGetValue(playerId, out var status) ? status : PlayerStatus.Good;

    /// <summary>Takes in every change since the last one seen, in the order of their commits. One at a time, so that none overtakes another.</summary>
    public async Task CatchUpAsync(CancellationToken ct)
    {
        await _catchingUp.WaitAsync(ct);
        try
        {
            await using var command = database.CreateCommand(
                "SELECT version, tenant_id, player_id, standing FROM player_standing WHERE version > $1 ORDER BY version");
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = _seen });
            await using var row = await command.ExecuteReaderAsync(ct);
            while (await row.ReadAsync(ct))
            {
                Set(row.GetString(1), row.GetString(2), PlayerStatusWireNames.Parse(row.GetString(3)));
                _seen = row.GetInt64(0);
            }
        }
        finally
        {
            _catchingUp.Release();
        }
    }

    void Set(string tenantId, string playerId, PlayerStatus status)
    {
        var players = _byTenant.GetOrAdd(tenantId, _ => new ConcurrentDictionary<string, PlayerStatus>(StringComparer.Ordinal));
        if (status != PlayerStatus.Good)
        {
            _count += players.ContainsKey(playerId) ? 0 : 1;
            players[playerId] = status;
        }
        else if (players.TryRemove(playerId, out _))
        {
            _count--;
        }
    }

    public void Dispose() => _catchingUp.Dispose();
}
