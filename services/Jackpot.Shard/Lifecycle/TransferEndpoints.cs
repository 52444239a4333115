using System.Globalization;
using Jackpot.Contracts.Views;
using Jackpot.Core.Changes;
using Jackpot.Shard.Admin;
using Jackpot.Shard.Jackpots;
using Jackpot.Shard.OpenApi;
using Jackpot.Shard.Rows;
using Npgsql;

namespace Jackpot.Shard.Lifecycle;

/// <summary>Where one person orders the end of a jackpot that holds money, and another decides.</summary>
internal sealed class TransferEndpoints(TransferDesk desk, NpgsqlDataSource database)
{
    const string One = "/v1/admin/transfers/{transferId:long}";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var doors = routes.ServiceProvider.GetRequiredService<TransferEndpoints>();
        routes.MapAdminPost<TransferBody>("/v1/admin/jackpots/{jackpotId}/transfer", doors.ProposeAsync, "Orders to move all money to other jackpots and to end this one")
            .Produces<TransferView>(StatusCodes.Status201Created);
        routes.MapDocumentedGet<TransferList>("/v1/admin/jackpots/{jackpotId}/transfers", doors.ListAsync, "Transfers of a jackpot, newest first");
        routes.MapDocumentedGet<TransferView>(One, doors.GetAsync, "One transfer");
        MapStep("approve", ChangeStep.Approve, "Approves another person's order: everything moves and the source ends, now");
        MapStep("reject", ChangeStep.Reject, "Refuses another person's order");
        MapStep("withdraw", ChangeStep.Withdraw, "Takes one's own order back");

        void MapStep(string word, ChangeStep step, string summary) =>
            routes.MapAdminPost<WhyBody>($"{One}/{word}", http => doors.DecideAsync(http, step), summary).Produces<TransferView>();
    }

    async Task ProposeAsync(HttpContext http)
    {
        if (await Person.OfAsync(http) is not { } person || await AdminDoor.BodyAsync(http, AdminJson.Default.TransferBody) is not { } body
            || await AdminDoor.WhyAsync(http, body.Why) is not { } why)
        {
            return;
        }

        var verdict = await desk.ProposeAsync(AdminDoor.Route(http, "jackpotId"), body.Pools, person, why, http.RequestAborted);
        if (await AdminDoor.TakenAsync(http, verdict))
        {
            var order = verdict.Result!;
            await AdminDoor.WriteAsync(http, StatusCodes.Status201Created, order.ToView(), AdminJson.Default.TransferView, $"/v1/admin/transfers/{order.Id}");
        }
    }

    async Task DecideAsync(HttpContext http, ChangeStep step)
    {
        if (await Person.OfAsync(http) is not { } person || await AdminDoor.OptionalWhyAsync(http) is not { } why)
        {
            return;
        }

        var verdict = await desk.DecideAsync(TransferId(http), step, person, why, http.RequestAborted);
        if (await AdminDoor.TakenAsync(http, verdict))
        {
            await AdminDoor.WriteAsync(http, StatusCodes.Status200OK, verdict.Result!.ToView(), AdminJson.Default.TransferView);
        }
    }

    async Task GetAsync(HttpContext http)
    {
        await using var rows = ShardRows.Of(database);
        if (await TransferOrder.ReadAsync(rows, TransferId(http), http.RequestAborted) is { } order)
        {
            await AdminDoor.WriteAsync(http, StatusCodes.Status200OK, order.ToView(), AdminJson.Default.TransferView);
            return;
        }

        await AdminDoor.RefuseAsync(http, TransferRefusals.Unknown);
    }

    async Task ListAsync(HttpContext http)
    {
        await using var rows = ShardRows.Of(database);
        if (await JackpotNumbers.OfAsync(rows, AdminDoor.Route(http, "jackpotId"), http.RequestAborted) is not { } number)
        {
            await AdminDoor.RefuseAsync(http, JackpotNumbers.Unknown);
            return;
        }

        var orders = await TransferOrder.OfJackpotAsync(rows, number, http.RequestAborted);
        await AdminDoor.WriteAsync(http, StatusCodes.Status200OK, new TransferList([.. orders.Select(order => order.ToView())]), AdminJson.Default.TransferList);
    }

    static long TransferId(HttpContext http) => long.Parse(AdminDoor.Route(http, "transferId"), CultureInfo.InvariantCulture);
}
