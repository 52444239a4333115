using Npgsql;

namespace Jackpot.Ledger.Storage;

/// <summary>
/// A read of very many rows, with a deadline of its own in place of the half minute that a statement has otherwise. It goes in pages, and every
/// page that is done begins the deadline anew: what is ended is what gets no further.
/// </summary>
internal sealed class LongRead : IDisposable
{
    static readonly AsyncLocal<LongRead?> Running = new();

    readonly CancellationTokenSource _end;
    readonly TimeSpan _max;

    LongRead(TimeSpan max, CancellationToken caller)
    {
        _end = CancellationTokenSource.CreateLinkedTokenSource(caller);
        _max = max;
        _end.CancelAfter(max);
    }

    /// <summary>Ends the statements of this read.</summary>
    public CancellationToken Token => _end.Token;

    /// <summary>Begins one: for the caller's async method and all that it awaits from now on.</summary>
    public static LongRead Begin(TimeSpan max, CancellationToken caller) => Running.Value = new LongRead(max, caller);

    /// <summary>A page is done.</summary>
    public static void Progress() => Running.Value?._end.CancelAfter(Running.Value._max);

    /// <summary>A statement that runs, inside of a long read, until that ends it; elsewhere as long as any other.</summary>
    public static NpgsqlCommand Command(NpgsqlConnection connection, string sql)
    {
        var command = new NpgsqlCommand(sql, connection);
        if (Running.Value is not null)
        {
            command.CommandTimeout = 0;
        }

        return command;
    }

    /// <summary>Whether a read failed because it took too long.</summary>
    public static bool TimedOut(Exception fault) => fault switch
    {
        OperationCanceledException => Running.Value is { Token.IsCancellationRequested: true },
        PostgresException { SqlState: PostgresErrorCodes.QueryCanceled } => true,
        NpgsqlException { InnerException: TimeoutException } => true,
        _ => false,
    };

    public void Dispose() => _end.Dispose();
}
