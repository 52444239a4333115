using Jackpot.Contracts.Views;
using Jackpot.Core.Changes;
using Jackpot.Ledger.Jackpots;
using Jackpot.Shard.Admin;
using Jackpot.Shard.Jackpots;
using Jackpot.Shard.OpenApi;
using Jackpot.Shard.Rows;
using Npgsql;

namespace Jackpot.Shard.Changes;

/// <summary>Where staff write changes of terms and decide each other's.</summary>
internal sealed class ChangeEndpoints(ChangeHandler handler, JackpotReader jackpots, NpgsqlDataSource database)
{
    const string One = "/v1/admin/changes/{changeId:long}";
    const string OfJackpot = "/v1/admin/jackpots/{jackpotId}/changes";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var endpoints = routes.ServiceProvider.GetRequiredService<ChangeEndpoints>();
        routes.MapAdminPost<ChangeBody>(OfJackpot, endpoints.DraftAsync, "Writes a change of the jackpot's terms down")
            .Produces<ChangeView>(StatusCodes.Status201Created);
        routes.MapDocumentedGet<ChangeList>(OfJackpot, endpoints.ListAsync, "Changes of a jackpot, newest first");
        routes.MapDocumentedGet<ChangeView>(One, endpoints.GetAsync, "One change: before, after, what has taken effect and what waits");
        MapStep("propose", ChangeStep.Propose, "Asks another staff user to approve the change");
        MapStep("approve", ChangeStep.Approve, "Approves another staff user's change; what may take effect at once does");
        MapStep("reject", ChangeStep.Reject, "Refuses another staff user's change");
        MapStep("withdraw", ChangeStep.Withdraw, "Takes one's own change back");

        void MapStep(string word, ChangeStep step, string summary) =>
            routes.MapAdminPost<WhyBody>($"{One}/{word}", http => endpoints.StepAsync(http, step), summary).Produces<ChangeView>();
    }

    async Task DraftAsync(HttpContext http)
    {
        if (await StaffUser.OfAsync(http) is not { } staffUser || await NumberAsync(http) is not { } number
            || await AdminRequests.BodyAsync(http, AdminJson.Default.ChangeBody) is not { } body || await AdminRequests.WhyAsync(http, body.Why) is not { } why)
        {
            return;
        }

        var after = DefinitionParser.Read(body.After.GetRawText());
        if (!await AdminRequests.TakenAsync(http, after))
        {
            return;
        }

        var verdict = await handler.DraftAsync(number, after.Result!.Definition, staffUser, why, http.RequestAborted);
        if (await AdminRequests.TakenAsync(http, verdict))
        {
            var change = verdict.Result!;
            await AdminRequests.WriteAsync(
                http, StatusCodes.Status201Created, await ViewAsync(change, http.RequestAborted), AdminJson.Default.ChangeView, $"/v1/admin/changes/{change.Id}");
        }
    }

    async Task StepAsync(HttpContext http, ChangeStep step)
    {
        if (await StaffUser.OfAsync(http) is not { } staffUser || await AdminRequests.OptionalWhyAsync(http) is not { } why)
        {
            return;
        }

        var verdict = await handler.StepAsync(ChangeId(http), step, staffUser, why, http.RequestAborted);
        if (await AdminRequests.TakenAsync(http, verdict))
        {
            await AdminRequests.WriteAsync(http, StatusCodes.Status200OK, await ViewAsync(verdict.Result!, http.RequestAborted), AdminJson.Default.ChangeView);
        }
    }

    async Task GetAsync(HttpContext http)
    {
        await using var rows = ShardRows.Of(database);
        if (await ChangeReader.ReadAsync(rows, ChangeId(http), http.RequestAborted) is not { } change)
        {
            await AdminRequests.RefuseAsync(http, ChangeRefusals.Unknown);
            return;
        }

        await AdminRequests.WriteAsync(http, StatusCodes.Status200OK, await ViewAsync(change, http.RequestAborted), AdminJson.Default.ChangeView);
    }

    async Task ListAsync(HttpContext http)
    {
        if (await NumberAsync(http) is not { } number)
        {
            return;
        }

        await using var connection = await database.OpenConnectionAsync(http.RequestAborted);
        var jackpot = (await jackpots.ReadAsync(connection, [number], http.RequestAborted)).Single();
        await using var rows = ShardRows.Of(database);
        var changes = await ChangeReader.OfJackpotAsync(rows, number, http.RequestAborted);
        await AdminRequests.WriteAsync(
            http, StatusCodes.Status200OK, new ChangeList([.. changes.Select(change => ChangeViews.Of(change, jackpot))]), AdminJson.Default.ChangeList);
    }

    async Task<ChangeView> ViewAsync(StoredChange change, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        return ChangeViews.Of(change, (await jackpots.ReadAsync(connection, [change.Jackpot], ct)).Single());
    }

    async Task<int?> NumberAsync(HttpContext http)
    {
        await using var rows = ShardRows.Of(database);
        if (await JackpotNumbers.OfAsync(rows, AdminRequests.Route(http, "jackpotId"), http.RequestAborted) is { } number)
        {
            return number;
        }

        await AdminRequests.RefuseAsync(http, JackpotNumbers.Unknown);
        return null;
    }

    static long ChangeId(HttpContext http) => long.Parse(AdminRequests.Route(http, "changeId"), System.Globalization.CultureInfo.InvariantCulture);
}
