using System.Collections.Immutable;
using Jackpot.Ledger.Awards;
using Jackpot.Ledger.Commit;
using Jackpot.Ledger.Jackpots;
using Npgsql;
using NpgsqlTypes;

namespace Jackpot.Shard.ExternalTriggers;

/// <summary>
/// Who has put something into the running cycle of a pool that games drop. Kept in a table of its own, one row per pool and player, because
/// an index over contributions by player would cost every bet of every jackpot; this costs only the first bet of a player in a cycle.
/// </summary>
internal static class Contributors
{
    /// <summary>The index of the first winner who has put nothing into the cycle; null when all have. The jackpot is locked, so nobody joins meanwhile.</summary>
    public static async Task<int?> FindStrangerAsync(
        NpgsqlConnection connection, LoadedJackpot jackpot, int tier, ImmutableArray<Winner> winners, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(Query, connection);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = jackpot.PoolNumbers[tier] });
        command.Parameters.Add(new NpgsqlParameter<Guid[]>
        {
            TypedValue = [.. winners.Select(winner => ContributorStatement.KeyOf(winner.TenantId, winner.PlayerId))], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid,
        });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = jackpot.State.Pools[tier].OpenedAfterSequence });
        return await command.ExecuteScalarAsync(ct) is long place ? (int)place - 1 : null;
    }

    /// <summary>One probe of the primary key per winner.</summary>
    internal const string Query = """
        SELECT w.place FROM unnest($2) WITH ORDINALITY AS w (player16, place)
        WHERE coalesce((SELECT c.sequence FROM contributor c WHERE c.pool = $1 AND c.player16 = w.player16), -1) <= $3
        ORDER BY w.place LIMIT 1
        """;
}
