using Jackpot.Core.Eligibility;
using Jackpot.Core.Ids;
using Jackpot.Shard.OpenApi;
using Jackpot.Shard.Problems;
using Jackpot.Shard.Regions;
using Jackpot.Shard.Requests;

namespace Jackpot.Shard.Players;

/// <summary>Where an operator says how a player stands. A change holds for every bet that is answered after it.</summary>
internal sealed class PlayerStatusEndpoints(TenantDirectory tenants, PlayerStatusStore store, PlayerStatusCache cache)
{
    /// <summary>For ids that cannot be said in a path: <c>.</c>, <c>..</c>, and whatever a proxy on the way would change.</summary>
    const string WithoutId = "/v1/players/standing";

    const string Path = "/v1/players/{playerId}/standing";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var endpoints = routes.ServiceProvider.GetRequiredService<PlayerStatusEndpoints>();
        routes.MapDocumentedPut<PlayerStatusBody, PlayerStatusView>(Path, endpoints.PutAsync, "Exclude a player, mark a house account, or take either back");
        routes.MapDocumentedGet<PlayerStatusView>(Path, endpoints.GetAsync, "How a player stands");
        routes.MapDocumentedPut<PlayerStatusBody, PlayerStatusView>(WithoutId, endpoints.PutAsync, "As the endpoint with the player in the path; the body names player_id");
        routes.MapDocumentedGet<PlayerStatusView>(WithoutId, endpoints.GetAsync, "How a player stands; query: player_id");
    }

    async Task PutAsync(HttpContext http)
    {
        if (await RequestTenant.TenantOfAsync(http, tenants) is not { } tenant
            || await JsonBody.ReadAsync(http, PlayerJson.Default.PlayerStatusBody) is not { } body
            || await PlayerAsync(http, body.PlayerId) is not { } player)
        {
            return;
        }

        if (PlayerStatusWireNames.TryParse(body.Standing) is not { } status)
        {
            await Problem.WriteAsync(http, Refusal.FieldInvalid, $"'standing' must be {PlayerStatusWireNames.All}");
            return;
        }

        if (status != PlayerStatus.Good && cache.IsFull && cache.Of(tenant.TenantId, player) == PlayerStatus.Good)
        {
            await Problem.WriteAsync(http, Refusal.Overloaded, $"this shard keeps at most {PlayerStatusCache.ExceptionalMax} players who are not good; nothing was changed");
            return;
        }

        await store.SetAsync(tenant.TenantId, player, status, http.RequestAborted);
        await cache.CatchUpAsync(http.RequestAborted);
        await AnswerAsync(http, tenant.TenantId, player);
    }

    async Task GetAsync(HttpContext http)
    {
        if (await RequestTenant.TenantOfAsync(http, tenants) is { } tenant && await PlayerAsync(http, http.Request.Query["player_id"]) is { } player)
        {
            await AnswerAsync(http, tenant.TenantId, player);
        }
    }

    async Task AnswerAsync(HttpContext http, string tenantId, string player)
    {
        var (status, since) = await store.FindAsync(tenantId, player, http.RequestAborted);
        var view = new PlayerStatusView(player, PlayerStatusWireNames.Of(status), since, PlayerHash.Of(tenantId, player).ToString());
        await JsonBody.WriteAsync(http, view, PlayerJson.Default.PlayerStatusView);
    }

    /// <summary>The player in the path or, at the endpoint without one, <paramref name="named"/>; null after the refusal was written.</summary>
    static async ValueTask<string?> PlayerAsync(HttpContext http, string? named)
    {
        if (http.Request.RouteValues["playerId"] is string inPath)
        {
            if (named is not null && named != inPath)
            {
                await Problem.WriteAsync(http, Refusal.FieldInvalid, "'player_id' is another player than the one in the path; name one of them");
                return null;
            }

            named = inPath;
        }

        if (PlayerId.TryParse(named, out _))
        {
            return named;
        }

        await Problem.WriteAsync(
            http, string.IsNullOrEmpty(named) ? Refusal.FieldMissing : Refusal.FieldInvalid, "'player_id' has 1 to 200 characters without control characters");
        return null;
    }
}
