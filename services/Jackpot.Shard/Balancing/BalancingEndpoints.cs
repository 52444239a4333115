using System.Data;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Jackpot.Ledger.Archive;
using Jackpot.Ledger.Jackpots;
using Jackpot.Ledger.Settings;
using Jackpot.Regulator.Balancing;
using Jackpot.Regulator.Reports;
using Jackpot.Shard.Problems;
using Npgsql;

namespace Jackpot.Shard.Balancing;

/// <summary>
/// GET /v1/audit/balancing: by=pool (the default), tenant or day; jackpot= for one. Counts every row again, from one snapshot: 200 with all
/// rows when everything balances to the micro-unit, 409 with those that differ; then the jackpots are stopped.
/// </summary>
internal sealed class BalancingEndpoints(
    NpgsqlDataSource database, JackpotDirectory directory, BalancingIncidents incidents, ShardOptions shard, TimeProvider clock)
{
    const int DaysDefault = 31;

    public async Task BalancingAsync(HttpContext http)
    {
        var query = http.Request.Query;
        await directory.ReloadIfStaleAsync(http.RequestAborted);
        var jackpot = query["jackpot"].Count == 0 ? null : directory.ByJackpot(query["jackpot"].ToString());
        if (query["jackpot"].Count > 0 && jackpot is null)
        {
            await Problem.WriteAsync(http, Refusal.NotFound, "no jackpot of that id lives on this shard");
            return;
        }

        switch (query["by"].ToString())
        {
            case "" or "pool":
                await AnswerAsync(http, "pool", await ReadAsync(BalancingReader.PoolsAsync, jackpot, http.RequestAborted), BalancingJson.Default.BalancingAnswerPoolBalance);
                break;
            case "tenant":
                await AnswerAsync(http, "tenant", await ReadAsync(BalancingReader.TenantsAsync, jackpot, http.RequestAborted), BalancingJson.Default.BalancingAnswerTenantBalance);
                break;
            case "day":
                await DaysAsync(http, jackpot);
                break;
            default:
                await Problem.WriteAsync(http, Refusal.FieldInvalid, "'by' must be pool, tenant or day");
                break;
        }
    }

    async Task DaysAsync(HttpContext http, JackpotEntry? jackpot)
    {
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        if (!TryDay(http.Request.Query["to"], today, out var to) || !TryDay(http.Request.Query["from"], to.AddDays(1 - DaysDefault), out var from) || from > to)
        {
            await Problem.WriteAsync(http, Refusal.FieldInvalid, "'from' and 'to' are days such as 2026-01-31, none before 2000-01-01, 'from' not after 'to'");
            return;
        }

        try
        {
            var days = await ReadAsync(
                (connection, source, number, ct) => BalancingReader.DaysAsync(connection, source, number, from, to, ct), jackpot, http.RequestAborted);
            await AnswerAsync(http, "day", days, BalancingJson.Default.BalancingAnswerDayBalance);
        }
        catch (TooManyDaysException e)
        {
            await Problem.WriteAsync(http, Refusal.FieldInvalid, e.Message);
        }
    }

    /// <summary>All jackpots from one snapshot or, when the data of one of them cannot be added up, each from its own.</summary>
    Task<(List<TRow> Rows, List<UnreadableBooks> Unreadable)> ReadAsync<TRow>(
        Func<NpgsqlConnection, BalancingSource, int?, CancellationToken, Task<List<TRow>>> read, JackpotEntry? jackpot, CancellationToken ct) => OneByOne.ReadAsync(
        number => ReadAsync(read, number ?? jackpot?.Number, ct),
        () => Task.FromResult<IReadOnlyCollection<int>>(jackpot is null ? [.. directory.All.Select(entry => entry.Number)] : [jackpot.Number]));

    async Task<List<TRow>> ReadAsync<TRow>(
        Func<NpgsqlConnection, BalancingSource, int?, CancellationToken, Task<List<TRow>>> read, int? jackpot, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var snapshot = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, ct);
        await ArchivedRows.HoldAsync(connection, ct);
        await new DaySums(connection, shard.LongReadPageRows, jackpot).AddAllAsync(ct);
        return await read(connection, BalancingSource.AllRows, jackpot, ct);
    }

    async Task AnswerAsync<TRow>(
        HttpContext http, string by, (List<TRow> Rows, List<UnreadableBooks> Unreadable) read, JsonTypeInfo<BalancingAnswer<TRow>> json) where TRow : IBalanced
    {
        var (rows, unreadable) = read;
        var balanced = unreadable.Count == 0 && rows.TrueForAll(row => row.Balances);
        if (!balanced)
        {
            await incidents.RaiseAsync([.. rows.Cast<IBalanced>(), .. unreadable], http.RequestAborted);
        }

        http.Response.StatusCode = balanced ? StatusCodes.Status200OK : StatusCodes.Status409Conflict;
        var answer = new BalancingAnswer<TRow>(by, shard.Id, clock.GetUtcNow(), balanced, balanced ? rows : rows.FindAll(row => !row.Balances))
        {
            Unreadable = unreadable.Count == 0 ? null : [.. unreadable.Select(books => books with { JackpotId = directory.ByNumber(books.Jackpot)?.Config.Id.Value })],
        };
        await http.Response.WriteAsJsonAsync(answer, json, cancellationToken: http.RequestAborted);
    }

    static bool TryDay(Microsoft.Extensions.Primitives.StringValues text, DateOnly otherwise, out DateOnly day)
    {
        day = otherwise;
        return text.Count == 0 || ReportInterval.TryParseDay(text, out day);
    }
}
