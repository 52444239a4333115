using System.Collections.Immutable;
using Jackpot.Ledger.Settings;
using Npgsql;

namespace Jackpot.Ledger.Dedupe;

/// <summary>
/// What this process knows of the windows that idempotency keys live in. It may be behind: every commit names the window that it took for
/// the open one, and is refused (<see cref="Moved"/>) when that has been closed; then this is read again and the keys are checked anew.
/// Closed windows never change, so what is known of them stays true.
/// </summary>
internal sealed class DedupeWindows(NpgsqlDataSource database, long filterBytesMax)
{
    /// <summary>SQLSTATE of a commit that named a window which is not the open one.</summary>
    public const string Moved = "JP002";

    readonly Lock _changing = new();
    volatile View _current = new(View.Unread, [], DateTimeOffset.MinValue);

    public View Current => _current;

    /// <summary>Reads which windows there are. Cheap; filters that are not in memory are left to <see cref="LoadFiltersAsync"/>.</summary>
    public async Task RefreshAsync(CancellationToken ct)
    {
        var (open, forgotten) = (0, DateTimeOffset.MinValue);
        var closed = new List<int>();
        await using var command = database.CreateCommand("SELECT number, closed_at, dropped_at IS NOT NULL FROM dedupe_window ORDER BY number");
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
        {
            var number = rows.GetInt32(0);
            if (rows.IsDBNull(1))
            {
                open = number;
            }
            else if (rows.GetBoolean(2))
            {
                forgotten = rows.GetFieldValue<DateTimeOffset>(1) + ShardOptions.DedupeMargin;
            }
            else
            {
                closed.Add(number);
            }
        }

        lock (_changing)
        {
            var known = _current.Closed.ToDictionary(window => window.Number);
            _current = new View(open, [.. closed.Select(number => known.GetValueOrDefault(number) ?? new ClosedWindow(number, null))], forgotten);
        }
    }

    /// <summary>Loads stored filters into memory, newest window first, as far as the limit goes. A window without one is looked into for every key: slower, as exact.</summary>
    public async Task LoadFiltersAsync(CancellationToken ct)
    {
        var used = _current.Closed.Sum(window => window.Filter?.Bytes ?? 0);
        foreach (var window in _current.Closed.Where(window => window.Filter is null).Reverse())
        {
            if (await ReadFilterAsync(window.Number, filterBytesMax - used, ct) is { } filter)
            {
                used += filter.Bytes;
                Set(new ClosedWindow(window.Number, filter));
            }
        }
    }

    void Set(ClosedWindow loaded)
    {
        lock (_changing)
        {
            _current = _current with { Closed = [.. _current.Closed.Select(window => window.Number == loaded.Number ? loaded : window)] };
        }
    }

    async Task<KeyFilter?> ReadFilterAsync(int number, long bytesMax, CancellationToken ct)
    {
        await using var command = database.CreateCommand("SELECT filter FROM dedupe_window WHERE number = $1 AND length(filter) <= $2");
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = number });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = bytesMax });
        return await command.ExecuteScalarAsync(ct) is byte[] bytes ? KeyFilter.FromBytes(bytes) : null;
    }

    /// <param name="Open">The window that takes keys; <see cref="Unread"/> before anything was read.</param>
    /// <param name="Closed">Closed windows that are kept, oldest first.</param>
    /// <param name="ForgottenBefore">
    /// Keys of bets older than this may have been dropped: no such bet may be taken, whatever the configured window says.
    /// </param>
    public sealed record View(int Open, ImmutableArray<ClosedWindow> Closed, DateTimeOffset ForgottenBefore)
    {
        /// <summary>No window has this number, so a commit that names it is refused.</summary>
        public const int Unread = 0;

        /// <summary>Adds every closed window that may hold the key or contribution id.</summary>
        public void AddSuspects(Guid key, List<Guid> suspects, List<int> windows)
        {
            var probe = new KeyFilter.Probe(key);
            foreach (var window in Closed)
            {
                if (window.Filter is null || window.Filter.MightContain(probe))
                {
                    suspects.Add(key);
                    windows.Add(window.Number);
                }
            }
        }
    }

    /// <summary>A window that never changes again.</summary>
    public sealed record ClosedWindow(int Number, KeyFilter? Filter);
}
