using System.Globalization;
using System.Text.Json;
using Jackpot.Contracts.Views;
using Jackpot.Core.Audit;
using Jackpot.Regulator.Audit;
using Jackpot.Shard.Admin;
using Jackpot.Shard.OpenApi;
using Jackpot.Shard.Problems;

namespace Jackpot.Shard.Audit;

/// <summary>The audit log for a regulator: its entries, and a walk through the whole chain.</summary>
internal sealed class AuditLogEndpoints(AuditLogReader log)
{
    const string JsonLines = "application/x-ndjson";
    const int LimitMax = AuditLogReader.PageMax;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var endpoints = routes.ServiceProvider.GetRequiredService<AuditLogEndpoints>();
        routes.MapDocumentedGet<AuditEntryView>("/v1/audit/log", endpoints.ReadAsync, $"Entries after number 'after', one per line, at most 'limit' (1 to {LimitMax})");
        routes.MapDocumentedGet<AuditVerdictView>("/v1/audit/log/verify", endpoints.VerifyAsync, "Walks the whole chain: 200 when it is unbroken, 409 with the numbers otherwise");
    }

    async Task ReadAsync(HttpContext http)
    {
        if (await NumberAsync(http, "after", 0, long.MaxValue, 0) is not { } after || await NumberAsync(http, "limit", 1, LimitMax, LimitMax) is not { } limit)
        {
            return;
        }

        var entries = await log.ReadAsync(after, (int)limit, http.RequestAborted);
        http.Response.ContentType = JsonLines;
        foreach (var entry in entries)
        {
            await JsonSerializer.SerializeAsync(http.Response.Body, View(entry), AdminJson.Default.AuditEntryView, http.RequestAborted);
            await http.Response.Body.WriteAsync("\n"u8.ToArray(), http.RequestAborted);
        }
    }

    async Task VerifyAsync(HttpContext http)
    {
        var verdict = await log.VerifyAsync(http.RequestAborted);
        await AdminRequests.WriteAsync(
            http, verdict.Broken.Count == 0 ? StatusCodes.Status200OK : StatusCodes.Status409Conflict,
            new AuditVerdictView(verdict.Entries, verdict.Head, verdict.Broken), AdminJson.Default.AuditVerdictView);
    }

    static AuditEntryView View(ChainedAuditEntry chained)
    {
        var entry = chained.Entry;
        return new AuditEntryView(
            entry.Number, entry.AtUnixMs, entry.Component, entry.Action, entry.StaffUser, entry.AuthorisedBy, entry.Why, entry.Before, entry.After,
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
