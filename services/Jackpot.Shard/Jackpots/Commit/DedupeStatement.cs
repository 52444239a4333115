using Jackpot.Shard.Contributions;
using Jackpot.Shard.Storage.Dedupe;
using Npgsql;
using NpgsqlTypes;

namespace Jackpot.Shard.Jackpots.Commit;

/// <summary>
/// The idempotency keys. A key that is stored already, in the open window or a closed one, undoes the whole commit with a unique violation;
/// so does, with <see cref="DedupeWindows.Moved"/>, an open window that this process has not heard of.
/// </summary>
internal sealed class DedupeStatement : ColumnStatement
{
    readonly List<Guid> _key16;
    readonly List<Guid> _body16;
    readonly List<long> _sequence;
    readonly List<int> _jackpot;
    readonly NpgsqlParameter<int> _window;
    readonly List<Guid> _suspects;
    readonly List<int> _suspectWindows;

    DedupeWindows.View? _windows;

    public DedupeStatement() : base($"""
        WITH entered AS MATERIALIZED (SELECT jp_enter_dedupe_window($5, $6, $7) AS number)
        INSERT INTO dedupe (key16, body16, sequence, jackpot, in_window)
        SELECT {Unnested(4)}, number FROM entered
        """)
    {
        _key16 = Column<Guid>(NpgsqlDbType.Uuid);
        _body16 = Column<Guid>(NpgsqlDbType.Uuid);
        _sequence = Column<long>(NpgsqlDbType.Bigint);
        _jackpot = Column<int>(NpgsqlDbType.Integer);
        _window = Value<int>(NpgsqlDbType.Integer);
        _suspects = Column<Guid>(NpgsqlDbType.Uuid);
        _suspectWindows = Column<int>(NpgsqlDbType.Integer);
    }

    /// <summary>Names the windows as this process knows them, before any key is added.</summary>
    public void Begin(DedupeWindows.View windows)
    {
        _windows = windows;
        _window.TypedValue = windows.Open;
    }

    public void Add(in AcceptedContribution contribution, long sequence)
    {
        _key16.Add(contribution.Key16);
        _body16.Add(contribution.Body16);
        _sequence.Add(sequence);
        _jackpot.Add(contribution.Jackpot);
        _windows!.AddSuspects(contribution.Key16, _suspects, _suspectWindows);
    }
}
