using Jackpot.Core.Pools;
using Jackpot.Ledger.Jackpots;
using Jackpot.Ledger.Loops;
using Jackpot.Ledger.Storage;
using Npgsql;

namespace Jackpot.Shard.Overdue;

/// <summary>
/// Raises the alarm when a pool has not dropped for so long that a fault is likelier than chance. What a cycle took in is read from its journal, and after
/// the first look only what has come since.
/// </summary>
internal sealed partial class OverdueWatch(NpgsqlDataSource database, JackpotReader reader, JackpotDirectory jackpots, LoopTools tools, ILogger<OverdueWatch> log)
    : HostedLoop(new LoopPlan("overdue-pools", TimeSpan.FromMinutes(1), "overdue pools are told of later"), tools)
{
    readonly Dictionary<int, (long Cycle, long Version, Int128 Contributed)> _known = [];
    readonly Dictionary<int, long> _told = [];

    /// <summary>Jackpots of one read.</summary>
    const int PageMax = 200;

    protected override async Task PassAsync(CancellationToken ct) => Metrics.PoolsAreOverdue(await LookAsync(ct));

    /// <summary>How many pools are overdue; each is told of once per cycle.</summary>
    public async Task<int> LookAsync(CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        var overdue = 0;
        foreach (var page in jackpots.All.Select(entry => entry.Number).Chunk(PageMax))
        {
            foreach (var jackpot in await reader.ReadAsync(connection, page, ct))
            {
                overdue += await LookAsync(connection, jackpot, ct);
            }
        }

        return overdue;
    }

    async Task<int> LookAsync(NpgsqlConnection connection, LoadedJackpot jackpot, CancellationToken ct)
    {
        var overdue = 0;
        for (var tier = 0; tier < jackpot.PoolNumbers.Length && jackpot.State.Status == JackpotStatus.Active; tier++)
        {
            var (terms, pool) = (jackpot.Config.Pools[tier], jackpot.State.Pools[tier]);
            var contributed = terms.Trigger is RandomTrigger ? await ContributedAsync(connection, jackpot.PoolNumbers[tier], pool.Cycle, ct) : 0;
            if (!Core.Maths.Overdue.IsBeyond(terms, pool, Core.Maths.Overdue.StakedMicros(terms, contributed)))
            {
                continue;
            }

            overdue++;
            if (_told.GetValueOrDefault(jackpot.PoolNumbers[tier]) != pool.Cycle)
            {
                _told[jackpot.PoolNumbers[tier]] = pool.Cycle;
                LogOverdue(log, pool.Id.Value, pool.Cycle, Core.Maths.Overdue.OneIn);
            }
        }

        return overdue;
    }

    /// <summary>What stakes have given to the pool in its running cycle, whoever paid; what was taken back counts, for its draws were made.</summary>
    async Task<Int128> ContributedAsync(NpgsqlConnection connection, int pool, long cycle, CancellationToken ct)
    {
        var known = _known.GetValueOrDefault(pool);
        known = known.Cycle == cycle ? known : (cycle, known.Version, 0);
        await using var command = LongRead.Command(connection, """
            SELECT coalesce(sum(-(players::numeric + house)) FILTER (WHERE kind = 'batch' AND cycle = $3), 0), coalesce(max(version), $2)
            FROM journal WHERE pool = $1 AND version > $2
            """);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = pool });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = known.Version });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = cycle });
        await using var row = await command.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        _known[pool] = known = (cycle, row.GetInt64(1), known.Contributed + row.GetSum(0));
        return known.Contributed;
    }

    [LoggerMessage(EventId = 863, Level = LogLevel.Error, Message = "Pool {Pool} has not dropped in cycle {Cycle}, which is rarer than one in {OneIn} under the odds in force; look for a fault, and pause the jackpot if there is one")]
    static partial void LogOverdue(ILogger logger, string pool, long cycle, int oneIn);
}
