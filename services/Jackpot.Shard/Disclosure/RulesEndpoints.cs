using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Jackpot.Contracts.Views;
using Jackpot.Shard.OpenApi;
using Jackpot.Shard.Problems;
using Jackpot.Shard.Regions;
using Microsoft.Net.Http.Headers;

namespace Jackpot.Shard.Disclosure;

/// <summary>The rules of a jackpot, generated from the terms in force: JSON, or a page for whoever asks for text/html.</summary>
internal sealed class RulesEndpoints(TenantDirectory tenants, RulesReader reader, TimeProvider clock)
{
    const string Json = "application/json";
    const string Html = "text/html";
    const int ETagBytes = 16;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var endpoints = routes.ServiceProvider.GetRequiredService<RulesEndpoints>();
        routes.MapDocumentedGet<RulesView>("/v1/jp/jackpots/{jackpotId}/rules", endpoints.RulesAsync, "The rules, written from the terms in force; a page for Accept: text/html");
    }

    async Task RulesAsync(HttpContext http)
    {
        if (await RequestTenant.TenantOfAsync(http, tenants) is not { } tenant)
        {
            return;
        }

        var jackpot = await reader.ReadAsync(http.Request.RouteValues["jackpotId"] as string ?? "", http.RequestAborted);
        if (jackpot is null || !jackpot.Terms.Definition.Tenants.Contains(tenant.TenantId))
        {
            await Problem.WriteAsync(http, Refusal.PoolUnknown, "no jackpot of that id is open to this tenant");
            return;
        }

        await WriteAsync(http, jackpot.ToView(clock.GetUtcNow()));
    }

    static async Task WriteAsync(HttpContext http, RulesView rules)
    {
        var type = Preferred(http.Request);
        var etag = ETag(rules, type);
        http.Response.Headers.ETag = etag;
        http.Response.Headers.CacheControl = "no-cache";
        http.Response.Headers.Vary = "Accept, " + RequestTenant.Header;
        if (http.Request.Headers.IfNoneMatch == etag)
        {
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        http.Response.ContentType = type == Html ? "text/html; charset=utf-8" : Json;
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'";
        await http.Response.WriteAsync(type == Html ? RulesPage.Write(rules) : JsonSerializer.Serialize(rules, ViewJson.Default.RulesView), http.RequestAborted);
    }

    /// <summary>The version of the terms, then a hash of everything but the moment of reading: a pause or an approval changes it as well.</summary>
    static string ETag(RulesView rules, string type)
    {
        var timeless = JsonSerializer.SerializeToUtf8Bytes(rules with { AsOf = default }, ViewJson.Default.RulesView);
        var hash = Convert.ToHexStringLower(SHA256.HashData([.. timeless, .. Encoding.ASCII.GetBytes(type)]).AsSpan(0, ETagBytes));
        return string.Create(CultureInfo.InvariantCulture, $"W/\"{rules.TermsVersion}-{hash}\"");
    }

    static string Preferred(HttpRequest request)
    {
        var accepted = request.GetTypedHeaders().Accept;
        return Quality(Html) > Quality(Json) ? Html : Json;

        double Quality(string type) => accepted.Where(range => new MediaTypeHeaderValue(type).IsSubsetOf(range) && (range.MediaType == type || !range.MatchesAllTypes))
            .Select(range => range.Quality ?? 1).DefaultIfEmpty(0).Max();
    }
}
