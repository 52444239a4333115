using Jackpot.Core.Eligibility;
using Jackpot.Core.Ids;
using Jackpot.Shard.OpenApi;
using Jackpot.Shard.Problems;
using Jackpot.Shard.Regions;

namespace Jackpot.Shard.Players;

/// <summary>Where an operator says how a player stands. A change holds for every bet that is answered after it.</summary>
internal sealed class StandingEndpoints(TenantDirectory tenants, StandingStore store, StandingBook book)
{
    const string Path = "/v1/players/{playerId}/standing";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var doors = routes.ServiceProvider.GetRequiredService<StandingEndpoints>();
        routes.MapDocumentedPut<StandingBody, StandingView>(Path, doors.PutAsync, "Exclude a player, mark a house account, or take either back");
        routes.MapDocumentedGet<StandingView>(Path, doors.GetAsync, "How a player stands");
    }

    async Task PutAsync(HttpContext http)
    {
        if (await TenantDoor.TenantOfAsync(http, tenants) is not { } tenant
            || await PlayerOfRouteAsync(http) is not { } player
            || await JsonBody.ReadAsync(http, PlayerJson.Default.StandingBody) is not { } body)
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
        if (await TenantDoor.TenantOfAsync(http, tenants) is { } tenant && await PlayerOfRouteAsync(http) is { } player)
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

    static async ValueTask<string?> PlayerOfRouteAsync(HttpContext http)
    {
        // A slash inside an id stays encoded in a path.
        var player = (http.Request.RouteValues["playerId"] as string)?.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        if (PlayerId.TryParse(player, out _))
        {
            return player;
        }

        await Problem.WriteAsync(http, Refusal.FieldInvalid, "a player id has 1 to 200 characters without control characters");
        return null;
    }
}
