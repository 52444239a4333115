using Npgsql;
using NpgsqlTypes;

namespace Jackpot.Ledger.Storage;

/// <summary>
/// One statement of the commit whose parameters are whole columns (arrays), so that any number of rows is one execution. The lists are
/// filled, sent and cleared again; the parameters keep pointing at them.
/// </summary>
internal abstract class ColumnStatement(string sql)
{
    readonly List<IColumn> _columns = [];

    public NpgsqlBatchCommand Command { get; } = new(sql);

    /// <summary>
    /// The first columns as a select list. PostgreSQL hands such rows on one by one; <c>FROM unnest($1, $2)</c> would first write every column
    /// into a store of its own, which cost a third of the whole commit.
    /// </summary>
    protected static string Unnested(int columns) => string.Join(", ", Enumerable.Range(1, columns).Select(column => $"unnest(${column})"));

    protected List<T> Column<T>(NpgsqlDbType type)
    {
        var rows = new List<T>();
        Command.Parameters.Add(new NpgsqlParameter<List<T>> { TypedValue = rows, NpgsqlDbType = NpgsqlDbType.Array | type });
        _columns.Add(new ColumnOf<T>(rows));
        return rows;
    }

    protected NpgsqlParameter<T> Value<T>(NpgsqlDbType type)
    {
        var parameter = new NpgsqlParameter<T> { NpgsqlDbType = type };
        Command.Parameters.Add(parameter);
        return parameter;
    }

    public virtual void Clear()
    {
        foreach (var column in _columns)
        {
            column.Clear();
        }
    }

    interface IColumn
    {
        void Clear();
    }

    sealed class ColumnOf<T>(List<T> rows) : IColumn
    {
        public void Clear() => rows.Clear();
    }
}
