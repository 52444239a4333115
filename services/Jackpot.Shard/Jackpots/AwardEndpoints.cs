using Jackpot.Contracts.Instants;
using Jackpot.Contracts.Views;
using Jackpot.Shard.Admin;
using Jackpot.Shard.OpenApi;
using Jackpot.Shard.Problems;
using Jackpot.Shard.Regions;
using Jackpot.Shard.Requests;

namespace Jackpot.Shard.Jackpots;

/// <summary>Where a win is looked for: by an operator among those of their players, by staff among all of the shard.</summary>
internal sealed class AwardEndpoints(TenantDirectory tenants, AwardQueries awards)
{
    const int LimitDefault = 50;
    const int TextCharsMax = 200;
    const string Filters = "filters: player, round, game, contribution, from, to; pages: after, limit";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var endpoints = routes.ServiceProvider.GetRequiredService<AwardEndpoints>();
        routes.MapDocumentedGet<AwardList>("/v1/awards", endpoints.OfTenantAsync, $"Awards that players of this tenant have a share of, newest first; {Filters}");
        routes.MapDocumentedGet<AwardList>("/v1/admin/awards", endpoints.OfShardAsync, $"Awards of the shard with their winners, newest first; {Filters}, tenant");
    }

    async Task OfTenantAsync(HttpContext http)
    {
        if (await RequestTenant.TenantOfAsync(http, tenants) is { } tenant)
        {
            await AnswerAsync(http, tenant.TenantId, AwardReader.Of(tenant.TenantId));
        }
    }

    /// <summary>Players are named, so who asks is too.</summary>
    async Task OfShardAsync(HttpContext http)
    {
        if (await StaffUser.OfAsync(http) is not null)
        {
            await AnswerAsync(http, http.Request.Query["tenant"].FirstOrDefault(), AwardReader.Staff);
        }
    }

    async Task AnswerAsync(HttpContext http, string? tenantId, AwardReader reader)
    {
        if (Search(http.Request.Query, tenantId, out var fault) is not { } search)
        {
            await Problem.WriteAsync(http, Refusal.FieldInvalid, fault);
            return;
        }

        if (await awards.SearchAsync(search with { AtMost = search.AtMost + 1 }, reader, http.RequestAborted) is not { } found)
        {
            await Problem.WriteAsync(http, Refusal.FieldInvalid, "'after' must be the 'next' of a page before");
            return;
        }

        var isLast = found.Count <= search.AtMost;
        var page = isLast ? new AwardList(found) : new AwardList(found[..search.AtMost], found[search.AtMost - 1].AwardId);
        await JsonBody.WriteAsync(http, page, ViewJson.Default.AwardList);
    }

    static AwardSearch? Search(IQueryCollection query, string? tenantId, out string fault)
    {
        fault = "";
        foreach (var name in new[] { "player", "round", "game", "contribution", "after", "tenant" })
        {
            if (query[name].FirstOrDefault() is { } text && text.Length is 0 or > TextCharsMax)
            {
                fault = $"'{name}' has 1 to {TextCharsMax} characters";
                return null;
            }
        }

        if (!Instant(query["from"], out var from) || !Instant(query["to"], out var to))
        {
            fault = $"'from' and 'to' are each {Rfc3339.Expected}; a '+' is sent as %2B";
            return null;
        }

        var limit = LimitDefault;
        if (query["limit"].FirstOrDefault() is { } number && !(int.TryParse(number, out limit) && limit is >= 1 and <= JackpotQueries.RowsMax))
        {
            fault = $"'limit' must be 1 to {JackpotQueries.RowsMax}";
            return null;
        }

        return new AwardSearch(
            tenantId, query["player"].FirstOrDefault(), query["game"].FirstOrDefault(), query["round"].FirstOrDefault(), query["contribution"].FirstOrDefault(),
            from, to, query["after"].FirstOrDefault(), limit);
    }

    static bool Instant(string? text, out DateTimeOffset? instant)
    {
        instant = null;
        if (text is null)
        {
            return true;
        }

        var isInstant = Rfc3339.TryParse(text, out var read);
        instant = isInstant ? read.ToUniversalTime() : null;
        return isInstant;
    }
}
