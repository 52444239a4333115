using System.Data.Common;
using Jackpot.Contracts.Views;
using Jackpot.Core.Ids;
using Jackpot.Ledger.Jackpots;
using Jackpot.Shard.Admin;
using Jackpot.Shard.Contributions;
using Jackpot.Shard.OpenApi;
using Jackpot.Shard.Problems;

namespace Jackpot.Shard.ExternalTriggers;

/// <summary>Where staff has a raffle drawn. Who did, and why, is in the audit log.</summary>
internal sealed partial class DrawEndpoints(JackpotDirectory jackpots, ExternalDrops drops, ILogger<DrawEndpoints> log)
{
    const int BytesMax = 16 * 1024;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var endpoints = routes.ServiceProvider.GetRequiredService<DrawEndpoints>();
        routes.MapDocumentedPost<DrawBody, DrawAnswered>("/v1/admin/pools/{poolId}/draw", endpoints.DrawAsync, "Draw a raffle");
    }

    async Task DrawAsync(HttpContext http)
    {
        if (await StaffUser.OfAsync(http) is not { } staffUser || await DropRequestBody.ReadAsync(http, BytesMax, TriggerJson.Default.DrawBody) is not { } body)
        {
            return;
        }

        var poolId = http.Request.RouteValues["poolId"] as string ?? "";
        await jackpots.ReloadIfStaleAsync(http.RequestAborted);
        if ((ContributionValidator.Id(body.DrawId, "draw_id") ?? ContributionValidator.Id(body.Why, "why")) is { } refused)
        {
            await Problem.WriteAsync(http, refused.Refusal, refused.Detail);
        }
        else if (jackpots.ByPool(poolId) is not { } jackpot)
        {
            await Problem.WriteAsync(http, Refusal.PoolUnknown, "no pool of that id lives on this shard");
        }
        else
        {
            await DropRequestBody.WriteAsync(http, await DrawAsync(new DrawRequest(
                jackpot.Number, PoolId.Parse(poolId), body.DrawId!, ContributionHash.Of([poolId, body.Why!]), staffUser, body.Why!), http.RequestAborted));
        }
    }

    async Task<DropOutcome> DrawAsync(DrawRequest request, CancellationToken ct)
    {
        try
        {
            return await drops.DropAsync(request, ct);
        }
        catch (DbException e)
        {
            LogInDoubt(log, e);
            return new DropOutcome.Refused(Refusal.Unavailable, "the raffle may or may not have been drawn; ask again with the same draw_id and body");
        }
    }

    [LoggerMessage(EventId = 451, Level = LogLevel.Warning, Message = "A draw is in doubt; whoever asked for it asks again")]
    static partial void LogInDoubt(ILogger logger, Exception exception);
}
