using System.Globalization;
using Jackpot.Ledger.Contributions;
using Jackpot.Ledger.Storage;
using Npgsql;
using NpgsqlTypes;

namespace Jackpot.Ledger.Dedupe;

/// <summary>
/// The idempotency keys and contribution ids. One that is stored already, in the open window or a closed one, undoes the whole commit with a
/// unique violation; so does, with <see cref="DedupeWindows.Moved"/>, an open window that this process has not heard of.
/// </summary>
internal sealed class DedupeStatement : ColumnStatement
{
    readonly List<Guid> _key16;
    readonly List<Guid> _id16;
    readonly List<long> _sequence;
    readonly List<int> _jackpot;
    readonly NpgsqlParameter<int> _window;
    readonly List<Guid> _suspects;
    readonly List<int> _suspectWindows;
    readonly List<Guid> _idSuspects;
    readonly List<int> _idSuspectWindows;
    readonly List<Guid> _idsThatAreKeys;
    readonly List<Guid> _idsOfTheirOwn;

    DedupeWindows.View? _windows;

    public DedupeStatement() : base("")
    {
        _key16 = Column<Guid>(NpgsqlDbType.Uuid);
        _id16 = Column<Guid>(NpgsqlDbType.Uuid);
        _sequence = Column<long>(NpgsqlDbType.Bigint);
        _jackpot = Column<int>(NpgsqlDbType.Integer);
        _window = Value<int>(NpgsqlDbType.Integer);
        _suspects = Column<Guid>(NpgsqlDbType.Uuid);
        _suspectWindows = Column<int>(NpgsqlDbType.Integer);
        _idSuspects = Column<Guid>(NpgsqlDbType.Uuid);
        _idSuspectWindows = Column<int>(NpgsqlDbType.Integer);
        _idsThatAreKeys = Column<Guid>(NpgsqlDbType.Uuid);
        _idsOfTheirOwn = Column<Guid>(NpgsqlDbType.Uuid);
    }

    /// <summary>Names the windows as this process knows them, before any key is added.</summary>
    public void Begin(DedupeWindows.View windows)
    {
        if (_windows?.Open != windows.Open)
        {
            Command.CommandText = Sql(windows.Open);
        }

        _windows = windows;
        _window.TypedValue = windows.Open;
    }

    public void Add(in AcceptedContribution contribution, long sequence)
    {
        _key16.Add(contribution.Key16);
        _id16.Add(contribution.Id16);
        _sequence.Add(sequence);
        _jackpot.Add(contribution.Jackpot);
        _windows!.AddSuspects(contribution.Key16, _suspects, _suspectWindows);
        if (contribution.Id16 != Guid.Empty)
        {
            _windows.AddSuspects(contribution.Id16, _idSuspects, _idSuspectWindows);
            (contribution.Id16 == contribution.Key16 ? _idsThatAreKeys : _idsOfTheirOwn).Add(contribution.Id16);
        }
    }

    /// <summary>
    /// Two indexes refuse the same key and the same id of its own. An id that is also its contribution's key is in the index of keys alone: in a
    /// window that holds both kinds it is looked for among the others' ids, and theirs among such keys. Writers of one jackpot wait for each
    /// other at the fence before this, so they see each other's rows. The window stands in the text, so that only its partition is planned,
    /// locked and opened.
    /// </summary>
    static string Sql(int window) => Sql(window == DedupeWindows.View.Unread ? "dedupe" : string.Create(CultureInfo.InvariantCulture, $"dedupe_{window}"));

    static string Sql(string table) => $"""
        WITH entered AS MATERIALIZED (
                 SELECT jp_enter_dedupe_window($5, $6, $7, $8, $9, cardinality($10) > 0, cardinality($11) > 0) AS holds_both),
             clash AS MATERIALIZED (
                 SELECT jp_refuse_contribution_id() FROM {table} WHERE (SELECT holds_both FROM entered) AND id16 = ANY ($10) AND id16 IS NOT NULL
                 UNION ALL
                 SELECT jp_refuse_contribution_id() FROM {table} WHERE (SELECT holds_both FROM entered) AND key16 = ANY ($11) AND id_is_key)
        INSERT INTO dedupe (key16, id16, id_is_key, sequence, jackpot, in_window)
        SELECT key16, CASE WHEN id16 <> key16 AND id16 <> '{Guid.Empty}' THEN id16 END, CASE WHEN id16 = key16 THEN true END, sequence, jackpot, $5
        FROM (SELECT unnest($1) AS key16, unnest($2) AS id16, unnest($3) AS sequence, unnest($4) AS jackpot
              FROM entered WHERE NOT EXISTS (SELECT FROM clash)) AS u
        """;
}
