using System.Globalization;
using System.Text.Json;
using Jackpot.Contracts.Views;
using Jackpot.Core.Audit;
using Jackpot.Core.Chain;
using Jackpot.Shard.Admin;
using Jackpot.Shard.OpenApi;
using Jackpot.Shard.Problems;
using Npgsql;

namespace Jackpot.Shard.Audit;

/// <summary>The audit log for a regulator: its entries, and a walk through the whole chain.</summary>
internal sealed class AuditLogEndpoints(NpgsqlDataSource database)
{
    const string JsonLines = "application/x-ndjson";
    const int LimitMax = 1_000;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var doors = routes.ServiceProvider.GetRequiredService<AuditLogEndpoints>();
        routes.MapDocumentedGet<AuditEntryView>("/v1/audit/log", doors.ReadAsync, $"Entries after number 'after', one per line, at most 'limit' (1 to {LimitMax})");
        routes.MapDocumentedGet<AuditVerdictView>("/v1/audit/log/verify", doors.VerifyAsync, "Walks the whole chain: 200 when it is unbroken, 409 with the numbers otherwise");
    }

    async Task ReadAsync(HttpContext http)
    {
        if (await NumberAsync(http, "after", 0, long.MaxValue, 0) is not { } after || await NumberAsync(http, "limit", 1, LimitMax, LimitMax) is not { } limit)
        {
            return;
        }

        await using var connection = await database.OpenConnectionAsync(http.RequestAborted);
        http.Response.ContentType = JsonLines;
        foreach (var entry in await AuditLog.ReadAsync(connection, after, (int)limit, http.RequestAborted))
        {
            await JsonSerializer.SerializeAsync(http.Response.Body, View(entry), AdminJson.Default.AuditEntryView, http.RequestAborted);
            await http.Response.Body.WriteAsync("\n"u8.ToArray(), http.RequestAborted);
        }
    }

    async Task VerifyAsync(HttpContext http)
    {
        await using var connection = await database.OpenConnectionAsync(http.RequestAborted);
        await using var snapshot = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, http.RequestAborted);
        var (entries, last, broken) = (0L, (ChainedAuditEntry?)null, new List<long>());
        // Numbers may have been tampered with as well, so pages are cut by what was read and not by what should be there.
        for (var page = await PageAsync(0); page.Count > 0; page = await PageAsync(last!.Entry.Number))
        {
            broken.AddRange(AuditChain.Broken(page, last));
            entries += page.Count;
            last = page[^1];
        }

        await AdminDoor.WriteAsync(
            http, broken.Count == 0 ? StatusCodes.Status200OK : StatusCodes.Status409Conflict,
            new AuditVerdictView(entries, (last?.Hash ?? default).ToString(), broken), AdminJson.Default.AuditVerdictView);

        Task<List<ChainedAuditEntry>> PageAsync(long after) => AuditLog.ReadAsync(connection, after, LimitMax, http.RequestAborted);
    }

    static AuditEntryView View(ChainedAuditEntry chained)
    {
        var entry = chained.Entry;
        return new AuditEntryView(
            entry.Number, entry.AtUnixMs, entry.Component, entry.Action, entry.Person, entry.AuthorisedBy, entry.Why, entry.Before, entry.After,
            chained.Previous.ToString(), chained.Hash.ToString());
    }

    static async Task<long?> NumberAsync(HttpContext http, string name, long least, long most, long otherwise)
    {
        var text = http.Request.Query[name];
        if (text.Count == 0)
        {
            return otherwise;
        }

        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
        {
            return number;
        }

        await Problem.WriteAsync(http, Refusal.FieldInvalid, $"'{name}' must be {least} to {most}");
        return null;
    }
}
