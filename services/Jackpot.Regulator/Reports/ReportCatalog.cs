using System.Data;
using Jackpot.Ledger.Archive;
using Jackpot.Ledger.Settings;
using Npgsql;

namespace Jackpot.Regulator.Reports;

/// <summary>The reports there are, and how each is read: from one snapshot of the tables.</summary>
internal sealed class ReportCatalog(NpgsqlDataSource database, ShardOptions shard, TimeProvider clock)
{
    const string AllOperators = "all operators";

    /// <summary>One report.</summary>
    /// <param name="Name">In the address.</param>
    /// <param name="Title">For readers.</param>
    /// <param name="IntervalDefault">When neither interval nor from is given.</param>
    /// <param name="Needs">Parameters without which it is refused.</param>
    /// <param name="ReadAsync">All of it, and where the next page begins.</param>
    internal sealed record Entry(
        string Name, string Title, string IntervalDefault, string[] Needs, Func<ReportQuery, CancellationToken, Task<(IReadOnlyList<ReportSection>, string?)>> ReadAsync);

    public static readonly IReadOnlyDictionary<string, Entry> All = new Entry[]
    {
        new("large-awards", "Large awards", "mtd", [], Whole(WinReports.LargeAwardsAsync)),
        new("balancing", "Balancing", "mtd", [], OfDays(BookReports.BalancingAsync)),
        new("liability", "Operator liability", "day", [], OfDays(BookReports.LiabilityAsync)),
        new("settlement", "Settlement between operators", "mtd", [], Whole(SettlementReport.ReadAsync)),
        new("parameter-changes", "Parameter changes", "mtd", [], Whole(ChangeReport.ReadAsync)),
        new("activity", "Activity", "day", [], OfDays(ActivityReport.ReadAsync)),
        new("daily-amounts", "Daily amounts", "mtd", [], OfDays(BookReports.DailyAmountsAsync)),
        new("transactions", "Transactions", "day", [], TransactionsAsync),
        new("player-statement", "Player statement", "year", ["tenant", "player"], Whole(WinReports.PlayerStatementAsync)),
    }.ToDictionary(entry => entry.Name, StringComparer.Ordinal);

    /// <exception cref="TooManyRowsException">The question must be narrowed.</exception>
    /// <exception cref="FormatException">A parameter cannot be read.</exception>
    /// <exception cref="ArchivedRowsException">Some of the contributions are in the archive.</exception>
    public async Task<ReportDocument> ReadAsync(Entry entry, ReportRequest request, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var snapshot = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, ct);
        await ArchivedRows.HoldAsync(connection, ct);
        var (sections, next) = await entry.ReadAsync(new ReportQuery(connection, request, shard.LongReadPageRows), ct);
        var header = new ReportHeader(entry.Name, entry.Title, request.Tenant ?? AllOperators, shard.Id, request.Interval, request.Filters, clock.GetUtcNow());
        return new ReportDocument(header, sections, next);
    }

    static Func<ReportQuery, CancellationToken, Task<(IReadOnlyList<ReportSection>, string?)>> Whole(Func<ReportQuery, CancellationToken, Task<ReportSection[]>> read) =>
        async (query, ct) => (await read(query, ct), null);

    /// <summary>From sums by day, which are brought up to now first.</summary>
    static Func<ReportQuery, CancellationToken, Task<(IReadOnlyList<ReportSection>, string?)>> OfDays(Func<ReportQuery, CancellationToken, Task<ReportSection[]>> read) =>
        async (query, ct) =>
        {
            await query.SumByDayAsync(ct);
            return (await read(query, ct), null);
        };

    static async Task<(IReadOnlyList<ReportSection>, string?)> TransactionsAsync(ReportQuery query, CancellationToken ct)
    {
        var (section, next) = await TransactionsReport.PageAsync(query, ct);
        return ([section], next);
    }
}
