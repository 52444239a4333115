using Jackpot.Ledger.Jackpots;
using Jackpot.Ledger.Storage;
using NpgsqlTypes;

namespace Jackpot.Ledger.Commit;

/// <summary>Puts the next version of terms in force; when nothing of the approved change is left to wait for, the change is effective.</summary>
internal sealed class TermsStatement : ColumnStatement
{
    readonly List<int> _jackpot;
    readonly List<int> _version;
    readonly List<string> _definition;
    readonly List<long> _afterSequence;
    readonly List<bool> _complete;

    public TermsStatement() : base("""
        WITH u AS (SELECT * FROM unnest($1, $2, $3, $4, $5) AS u (jackpot, version, definition, after_sequence, complete)),
             terms AS (INSERT INTO jackpot_terms (jackpot, version, definition, after_sequence, change)
                       SELECT jackpot, version, definition, after_sequence,
                              (SELECT c.id FROM config_change c WHERE c.jackpot = u.jackpot AND c.status = 'approved') FROM u),
             change AS (UPDATE config_change c SET status = 'effective', changed_at = now()
                        FROM u WHERE u.complete AND c.jackpot = u.jackpot AND c.status = 'approved')
        UPDATE jackpot j SET config_version = u.version, approved = CASE WHEN u.complete THEN NULL ELSE j.approved END
        FROM u WHERE j.id = u.jackpot
        """)
    {
        _jackpot = Column<int>(NpgsqlDbType.Integer);
        _version = Column<int>(NpgsqlDbType.Integer);
        _definition = Column<string>(NpgsqlDbType.Jsonb);
        _afterSequence = Column<long>(NpgsqlDbType.Bigint);
        _complete = Column<bool>(NpgsqlDbType.Boolean);
    }

    /// <summary>Adds a jackpot with the terms that are now in force.</summary>
    public void Add(LoadedJackpot after)
    {
        _jackpot.Add(after.Number);
        _version.Add(after.Terms.Version);
        _definition.Add(after.Terms.Definition.ToJson());
        _afterSequence.Add(after.State.Sequence);
        _complete.Add(after.Approved is null);
    }
}
