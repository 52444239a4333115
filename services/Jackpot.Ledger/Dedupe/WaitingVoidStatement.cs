using Jackpot.Ledger.Contributions;
using Jackpot.Ledger.Storage;
using Npgsql;
using NpgsqlTypes;

namespace Jackpot.Ledger.Dedupe;

/// <summary>
/// Notes that the bets which some voids waited for have come, and gives the claims free that held their keys. Should other voids wait by now than
/// those that a bet was reduced by, it undoes the commit like a key that is taken.
/// </summary>
internal sealed class WaitingVoidStatement : ColumnStatement
{
    readonly List<Guid> _target16;
    readonly List<long> _voids;
    readonly List<int> _jackpot;
    readonly List<long> _sequence;
    readonly NpgsqlParameter<DateTime> _now;

    public WaitingVoidStatement() : base("""
        WITH u AS MATERIALIZED (SELECT unnest($1) AS target16, unnest($2) AS voids, unnest($3) AS jackpot, unnest($4) AS sequence),
             met AS (UPDATE void_waiting w SET jackpot = u.jackpot, sequence = u.sequence, met_at = $5,
                            finished_at = CASE WHEN EXISTS (SELECT FROM fan_out f WHERE f.key16 = u.target16)
                                                 OR EXISTS (SELECT FROM fan_out f WHERE f.id16 = u.target16 AND f.id16 IS NOT NULL) THEN NULL ELSE $5 END
                     FROM u WHERE w.target16 = u.target16 AND w.met_at IS NULL AND w.company = u.voids RETURNING w.target16),
             freed AS (DELETE FROM dedupe d USING u WHERE d.jackpot = 0 AND d.sequence = 0 AND d.key16 = u.target16),
             freed_ids AS (DELETE FROM dedupe d USING u WHERE d.jackpot = 0 AND d.sequence = 0 AND d.id16 = u.target16)
        SELECT jp_require_waiting((SELECT count(*) FROM met), (SELECT sum(voids)::bigint FROM u))
        """)
    {
        _target16 = Column<Guid>(NpgsqlDbType.Uuid);
        _voids = Column<long>(NpgsqlDbType.Bigint);
        _jackpot = Column<int>(NpgsqlDbType.Integer);
        _sequence = Column<long>(NpgsqlDbType.Bigint);
        _now = Value<DateTime>(NpgsqlDbType.TimestampTz);
    }

    public bool IsEmpty => _target16.Count == 0;

    public void Begin(DateTime now) => _now.TypedValue = now;

    public void Add(in AcceptedContribution item, long sequence)
    {
        foreach (var waiting in item.Waiting ?? [])
        {
            _target16.Add(waiting.Target16);
            _voids.Add(waiting.Count);
            _jackpot.Add(item.Jackpot);
            _sequence.Add(sequence);
        }
    }
}
