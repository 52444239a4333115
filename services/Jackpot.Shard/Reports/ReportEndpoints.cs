using System.Globalization;
using Jackpot.Ledger.Archive;
using Jackpot.Regulator.Reports;
using Jackpot.Shard.Archive;
using Jackpot.Shard.Problems;

namespace Jackpot.Shard.Reports;

/// <summary>Reports on the shard's own address. Every answer is kept, and carries its number and hash.</summary>
internal sealed class ReportEndpoints(ReportCatalog catalog, ReportStore store, ArchivedRows archived, TimeProvider clock)
{
    public const string IdHeader = "X-Report-Id";
    public const string HashHeader = "X-Report-Sha256";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var endpoints = routes.ServiceProvider.GetRequiredService<ReportEndpoints>();
        routes.MapGet("/v1/audit/reports", (RequestDelegate)endpoints.ListAsync);
        routes.MapGet("/v1/audit/reports/versions/{id:long}", (RequestDelegate)endpoints.VersionAsync);
        routes.MapGet("/v1/audit/reports/{name}", (RequestDelegate)endpoints.ReportAsync);
    }

    async Task ListAsync(HttpContext http)
    {
        var name = http.Request.Query["name"];
        var list = new ReportList([.. ReportCatalog.All.Keys], await store.ListAsync(name.Count == 0 ? null : name.ToString(), http.RequestAborted));
        await http.Response.WriteAsJsonAsync(list, ReportJson.Default.ReportList, cancellationToken: http.RequestAborted);
    }

    async Task VersionAsync(HttpContext http)
    {
        var id = long.Parse((string)http.Request.RouteValues["id"]!, CultureInfo.InvariantCulture);
        if (await store.FindAsync(id, http.RequestAborted) is not var (report, content))
        {
            await Problem.WriteAsync(http, Refusal.NotFound, "no version of that number is kept");
            return;
        }

        await WriteAsync(http, report, content);
    }

    async Task ReportAsync(HttpContext http)
    {
        if (!ReportCatalog.All.TryGetValue(http.Request.RouteValues["name"] as string ?? "", out var entry))
        {
            await Problem.WriteAsync(http, Refusal.NotFound, $"there is no such report; there are {string.Join(", ", ReportCatalog.All.Keys)}");
            return;
        }

        var parameters = http.Request.Query.SelectMany(parameter => parameter.Value, (parameter, value) => (parameter.Key, value)).ToLookup(pair => pair.Key, pair => pair.value);
        var (request, fault) = ReportRequest.Parse(parameters, entry.IntervalDefault, DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime));
        if (request is null)
        {
            await Problem.WriteAsync(http, Refusal.FieldInvalid, fault!);
            return;
        }

        if (entry.Needs.FirstOrDefault(need => http.Request.Query[need].Count == 0) is { } missing)
        {
            await Problem.WriteAsync(http, Refusal.FieldMissing, $"this report needs '{missing}'");
            return;
        }

        try
        {
            await AnswerAsync(http, entry, request);
        }
        catch (ArchivedRowsException rows)
        {
            await archived.AskAsync(rows, http.RequestAborted);
            await rows.AnswerAsync(http);
        }
        catch (Exception e) when (e is TooManyRowsException or FormatException)
        {
            await Problem.WriteAsync(http, Refusal.FieldInvalid, e.Message);
        }
    }

    async Task AnswerAsync(HttpContext http, ReportCatalog.Entry entry, ReportRequest request)
    {
        var document = await catalog.ReadAsync(entry, request, http.RequestAborted);
        var content = request.AsCsv ? CsvWriter.Csv(document) : ReportWriter.Json(document);
        var kept = await store.KeepAsync(entry.Name, request.Text, request.AsCsv ? "csv" : "json", document.Header.GeneratedAt, content, http.RequestAborted);
        if (document.Next is { } next)
        {
            http.Response.Headers["X-Report-Next"] = next;
        }

        await WriteAsync(http, kept, content);
    }

    static async Task WriteAsync(HttpContext http, KeptReport report, byte[] content)
    {
        http.Response.Headers[IdHeader] = report.Id.ToString(CultureInfo.InvariantCulture);
        http.Response.Headers[HashHeader] = report.Sha256;
        http.Response.Headers.CacheControl = "no-store";
        http.Response.ContentType = report.Format == "csv" ? "text/csv; charset=utf-8" : "application/json";
        http.Response.ContentLength = content.Length;
        await http.Response.Body.WriteAsync(content, http.RequestAborted);
    }
}
