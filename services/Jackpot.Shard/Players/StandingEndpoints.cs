using Jackpot.Core.Eligibility;
using Jackpot.Core.Ids;
using Jackpot.Shard.OpenApi;
using Jackpot.Shard.Problems;
using Jackpot.Shard.Regions;
using Jackpot.Shard.Requests;

namespace Jackpot.Shard.Players;

/// <summary>Where an operator says how a player stands. A change holds for every bet that is answered after it.</summary>
internal sealed class StandingEndpoints(TenantDirectory tenants, StandingStore store, StandingBook book)
{
    /// <summary>For ids that cannot be said in a path: <c>.</c>, <c>..</c>, and whatever a proxy on the way would change.</summary>
    const string WithoutId = "/v1/players/standing";

    const string Path = "/v1/players/{playerId}/standing";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var doors = routes.ServiceProvider.GetRequiredService<StandingEndpoints>();
        routes.MapDocumentedPut<StandingBody, StandingView>(Path, doors.PutAsync, "Exclude a player, mark a house account, or take either back");
        routes.MapDocumentedGet<StandingView>(Path, doors.GetAsync, "How a player stands");
        routes.MapDocumentedPut<StandingBody, StandingView>(WithoutId, doors.PutAsync, "As the door with the player in the path; the body names player_id");
        routes.MapDocumentedGet<StandingView>(WithoutId, doors.GetAsync, "How a player stands; query: player_id");
    }

    async Task PutAsync(HttpContext http)
    {
        if (await TenantDoor.TenantOfAsync(http, tenants) is not { } tenant
            || await JsonBody.ReadAsync(http, PlayerJson.Default.StandingBody) is not { } body
            || await PlayerAsync(http, body.PlayerId) is not { } player)
        {
            return;
        }

        if (StandingWords.TryParse(body.Standing) is not { } standing)
        {
            await Problem.WriteAsync(http, Refusal.FieldInvalid, $"'standing' must be {StandingWords.All}");
            return;
        }

        if (standing != PlayerStanding.Good && book.IsFull && book.Of(tenant.TenantId, player) == PlayerStanding.Good)
        {
            await Problem.WriteAsync(http, Refusal.Overloaded, $"this shard keeps at most {StandingBook.ExceptionalMax} players who are not good; nothing was changed");
            return;
        }

        await store.SetAsync(tenant.TenantId, player, standing, http.RequestAborted);
        await book.CatchUpAsync(http.RequestAborted);
        await AnswerAsync(http, tenant.TenantId, player);
    }

    async Task GetAsync(HttpContext http)
    {
        if (await TenantDoor.TenantOfAsync(http, tenants) is { } tenant && await PlayerAsync(http, http.Request.Query["player_id"]) is { } player)
        {
            await AnswerAsync(http, tenant.TenantId, player);
        }
    }

    async Task AnswerAsync(HttpContext http, string tenantId, string player)
    {
        var (standing, since) = await store.FindAsync(tenantId, player, http.RequestAborted);
        var view = new StandingView(player, StandingWords.Of(standing), since, PlayerHash.Of(tenantId, player).ToString());
        await JsonBody.WriteAsync(http, view, PlayerJson.Default.StandingView);
    }

    /// <summary>The player in the path or, at the door without one, <paramref name="named"/>; null after the refusal was written.</summary>
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
