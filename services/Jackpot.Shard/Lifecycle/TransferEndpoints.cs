using System.Globalization;
using Jackpot.Contracts.Views;
using Jackpot.Core.Changes;
using Jackpot.Shard.Admin;
using Jackpot.Shard.Jackpots;
using Jackpot.Shard.OpenApi;
using Jackpot.Shard.Rows;
using Npgsql;

namespace Jackpot.Shard.Lifecycle;

/// <summary>Where one staff user orders the end of a jackpot that holds money, and another decides.</summary>
internal sealed class TransferEndpoints(TransferHandler handler, NpgsqlDataSource database)
{
    const string One = "/v1/admin/transfers/{transferId:long}";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var endpoints = routes.ServiceProvider.GetRequiredService<TransferEndpoints>();
        routes.MapAdminPost<TransferBody>("/v1/admin/jackpots/{jackpotId}/transfer", endpoints.ProposeAsync, "Orders to move all money to other jackpots and to end this one")
            .Produces<TransferView>(StatusCodes.Status201Created);
        routes.MapDocumentedGet<TransferList>("/v1/admin/jackpots/{jackpotId}/transfers", endpoints.ListAsync, "Transfers of a jackpot, newest first");
        routes.MapDocumentedGet<TransferView>(One, endpoints.GetAsync, "One transfer");
        MapStep("approve", ChangeStep.Approve, "Approves another staff user's order: everything moves and the source ends, now");
        MapStep("reject", ChangeStep.Reject, "Refuses another staff user's order");
        MapStep("withdraw", ChangeStep.Withdraw, "Takes one's own order back");

        void MapStep(string word, ChangeStep step, string summary) =>
            routes.MapAdminPost<WhyBody>($"{One}/{word}", http => endpoints.DecideAsync(http, step), summary).Produces<TransferView>();
    }

    async Task ProposeAsync(HttpContext http)
    {
        if (await StaffUser.OfAsync(http) is not { } staffUser || await AdminRequests.BodyAsync(http, AdminJson.Default.TransferBody) is not { } body
            || await AdminRequests.WhyAsync(http, body.Why) is not { } why)
        {
            return;
        }

        var verdict = await handler.ProposeAsync(AdminRequests.Route(http, "jackpotId"), body.Pools, staffUser, why, http.RequestAborted);
        if (await AdminRequests.TakenAsync(http, verdict))
        {
            var order = verdict.Result!;
            await AdminRequests.WriteAsync(http, StatusCodes.Status201Created, order.ToView(), AdminJson.Default.TransferView, $"/v1/admin/transfers/{order.Id}");
        }
    }

    async Task DecideAsync(HttpContext http, ChangeStep step)
    {
        if (await StaffUser.OfAsync(http) is not { } staffUser || await AdminRequests.OptionalWhyAsync(http) is not { } why)
        {
            return;
        }

        var verdict = await handler.DecideAsync(TransferId(http), step, staffUser, why, http.RequestAborted);
        if (await AdminRequests.TakenAsync(http, verdict))
        {
            await AdminRequests.WriteAsync(http, StatusCodes.Status200OK, verdict.Result!.ToView(), AdminJson.Default.TransferView);
        }
    }

    async Task GetAsync(HttpContext http)
    {
        await using var rows = ShardRows.Of(database);
        if (await TransferOrder.ReadAsync(rows, TransferId(http), http.RequestAborted) is { } order)
        {
            await AdminRequests.WriteAsync(http, StatusCodes.Status200OK, order.ToView(), AdminJson.Default.TransferView);
            return;
        }

        await AdminRequests.RefuseAsync(http, TransferRefusals.Unknown);
    }

    async Task ListAsync(HttpContext http)
    {
        await using var rows = ShardRows.Of(database);
        if (await JackpotNumbers.OfAsync(rows, AdminRequests.Route(http, "jackpotId"), http.RequestAborted) is not { } number)
        {
            await AdminRequests.RefuseAsync(http, JackpotNumbers.Unknown);
            return;
        }

        var orders = await TransferOrder.OfJackpotAsync(rows, number, http.RequestAborted);
        await AdminRequests.WriteAsync(http, StatusCodes.Status200OK, new TransferList([.. orders.Select(order => order.ToView())]), AdminJson.Default.TransferList);
    }

    static long TransferId(HttpContext http) => long.Parse(AdminRequests.Route(http, "transferId"), CultureInfo.InvariantCulture);
}
