using System.Globalization;
using System.Text.Json;
using Dapr;
using Jackpot.Contracts.Views;
using Jackpot.Core.Audit;
using Jackpot.Ledger.Audit;
using Jackpot.Regulator.Audit;
using Jackpot.Shard.Admin;
using Jackpot.Shard.OpenApi;
using Jackpot.Shard.Problems;
using Npgsql;

namespace Jackpot.Shard.Audit;

/// <summary>The audit log for a regulator: its entries, a walk through the whole chain, its seals and the key that signs them.</summary>
internal sealed class AuditLogEndpoints(AuditLogReader log, NpgsqlDataSource database, AuditStore store)
{
    const string JsonLines = "application/x-ndjson";
    const int LimitMax = AuditLogReader.PageMax;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var endpoints = routes.ServiceProvider.GetRequiredService<AuditLogEndpoints>();
        routes.MapDocumentedGet<AuditEntryView>("/v1/audit/log", endpoints.ReadAsync, $"Entries after number 'after', one per line, at most 'limit' (1 to {LimitMax})");
        routes.MapGet("/v1/audit/seals", (RequestDelegate)endpoints.SealsAsync);
        routes.MapGet("/v1/audit/key", (RequestDelegate)endpoints.KeyAsync);
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

    // Seals after number 'after', one signed document per line, a page of them.
    async Task SealsAsync(HttpContext http)
    {
        if (await NumberAsync(http, "after", 0, long.MaxValue, 0) is not { } after)
        {
            return;
        }

        await using var connection = await database.OpenConnectionAsync(http.RequestAborted);
        var page = await AuditSeals.ReadAsync(connection, after, http.RequestAborted);
        http.Response.ContentType = JsonLines;
        foreach (var (_, document) in page)
        {
            await http.Response.WriteAsync(document + "\n", http.RequestAborted);
        }
    }

    // The public key of today's seals. Who trusts nobody compares it with the one the operator handed over.
    async Task KeyAsync(HttpContext http)
    {
        string pem;
        try
        {
            using var key = await store.KeyAsync(http.RequestAborted);
            pem = key.ExportSubjectPublicKeyInfoPem();
        }
        catch (Exception fault) when (fault is DaprException or InvalidOperationException or FormatException)
        {
            await Problem.WriteAsync(http, Refusal.Unavailable, "the key that signs seals cannot be had from the secret store; see /readyz and the shard's log");
            return;
        }

        http.Response.ContentType = "application/x-pem-file";
        await http.Response.WriteAsync(pem + "\n", http.RequestAborted);
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
