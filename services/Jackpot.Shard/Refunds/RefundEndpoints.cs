using System.Globalization;
using Jackpot.Core.Changes;
using Jackpot.Ledger.Jackpots;
using Jackpot.Shard.Admin;
using Jackpot.Shard.Contributions;
using Jackpot.Shard.OpenApi;
using Jackpot.Shard.Problems;
using Jackpot.Contracts.Views;
using Npgsql;

namespace Jackpot.Shard.Refunds;

/// <summary>Where one person proposes to take contributions back, sees what that would be, and another decides.</summary>
internal sealed class RefundEndpoints(RefundStore store, JackpotDirectory jackpots, NpgsqlDataSource database, TimeProvider clock)
{
    const string One = "/v1/admin/refunds/{refundId:long}";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var endpoints = routes.ServiceProvider.GetRequiredService<RefundEndpoints>();
        routes.MapAdminPost<RefundBody>("/v1/admin/refunds", endpoints.ProposeAsync, "Proposes to take a bet back beyond the limits of voids, or all contributions of a time; answers what that would be")
            .Produces<RefundView>(StatusCodes.Status201Created);
        routes.MapDocumentedGet<RefundList>("/v1/admin/refunds", endpoints.ListAsync, "Refunds, newest first");
        routes.MapDocumentedGet<RefundView>(One, endpoints.GetAsync, "One refund, and how far it has come");
        MapStep("approve", ChangeStep.Approve, "Approves another person's refund: it is carried out from now on");
        MapStep("reject", ChangeStep.Reject, "Refuses another person's refund");
        MapStep("withdraw", ChangeStep.Withdraw, "Takes one's own refund back before it is decided");

        void MapStep(string word, ChangeStep step, string summary) =>
            routes.MapAdminPost<WhyBody>($"{One}/{word}", http => endpoints.DecideAsync(http, step), summary).Produces<RefundView>();
    }

    async Task ProposeAsync(HttpContext http)
    {
        if (await StaffUser.OfAsync(http) is not { } person || await AdminRequests.BodyAsync(http, RefundJson.Default.RefundBody) is not { } body
            || await AdminRequests.WhyAsync(http, body.Why) is not { } why)
        {
            return;
        }

        var (refused, scope) = ScopeOf(body);
        if (refused is not null)
        {
            await Problem.WriteAsync(http, refused.Refusal, refused.Detail);
            return;
        }

        var preview = scope is RefundScope.Window window ? await WindowRows.PreviewAsync(database, window, http.RequestAborted) : new RefundPreview(1, []);
        var refund = await store.ProposeAsync(scope!, preview, person, why, http.RequestAborted);
        await AdminRequests.WriteAsync(
            http, StatusCodes.Status201Created, RefundView.Of(refund), RefundJson.Default.RefundView, string.Create(CultureInfo.InvariantCulture, $"/v1/admin/refunds/{refund.Id}"));
    }

    (RefusedContribution? Refused, RefundScope? Scope) ScopeOf(RefundBody body)
    {
        if (body.ContributionId is not null)
        {
            var refused = ContributionValidator.Id(body.ContributionId, "contribution_id") ?? ContributionValidator.Id(body.TenantId, "tenant_id")
                ?? (body.Amount is { Micros: 0 } ? new RefusedContribution(Refusal.FieldInvalid, "'amount' must be above zero") : null);
            return (refused, new RefundScope.Bet(body.TenantId ?? "", body.ContributionId, body.Amount?.Micros, body.Amount?.Currency.Code));
        }

        var (from, to) = (body.From, body.To);
        return body switch
        {
            { JackpotId: null } => (new(Refusal.FieldMissing, "name 'contribution_id' and 'tenant_id' for one bet, or 'jackpot_id', 'from' and 'to' for a window"), null),
            _ when jackpots.ByJackpot(body.JackpotId) is null => (new(Refusal.PoolUnknown, "no jackpot of that id is here"), null),
            _ when from is null || to is null => (new(Refusal.FieldMissing, "a window needs 'from' and 'to'"), null),
            _ when from >= to || to > clock.GetUtcNow() => (new(Refusal.FieldInvalid, "a window begins before it ends, and ends in the past"), null),
            _ when (body.TenantId ?? body.GameId) is not null
                && (IdFault(body.TenantId, "tenant_id") ?? IdFault(body.GameId, "game_id")) is { } fault => (fault, null),
            _ => (null, new RefundScope.Window(jackpots.ByJackpot(body.JackpotId)!.Number, body.JackpotId, body.TenantId, body.GameId, from!.Value, to!.Value)),
        };
    }

    static RefusedContribution? IdFault(string? id, string field) => id is null ? null : ContributionValidator.Id(id, field);

    async Task DecideAsync(HttpContext http, ChangeStep step)
    {
        if (await StaffUser.OfAsync(http) is not { } person || await AdminRequests.OptionalWhyAsync(http) is not { } why)
        {
            return;
        }

        var (answer, refund) = await store.DecideAsync(IdOf(http), step, person, why, http.RequestAborted);
        if (RefusedBy(answer, refund) is { } refused)
        {
            await AdminRequests.RefuseAsync(http, refused);
            return;
        }

        await AdminRequests.WriteAsync(http, StatusCodes.Status200OK, RefundView.Of(refund!), RefundJson.Default.RefundView);
    }

    static Refused? RefusedBy(ChangeAnswer answer, Refund? refund) => (answer, refund) switch
    {
        (_, null) => new(Refusal.NotFound, "no refund of that number is here"),
        (ChangeAnswer.SameStaffUser, _) => new(Refusal.SameStaffUser, "whoever proposed a refund does not decide it; another person approves or rejects it, the author withdraws it"),
        (ChangeAnswer.NotTheAuthor, _) => new(Refusal.NotTheAuthor, "only its author withdraws a refund; anybody else rejects it"),
        (ChangeAnswer.StaffUserMissing, _) => new(Refusal.StaffUserInvalid, "the step needs a person"),
        (ChangeAnswer.WrongStatus, _) => new(Refusal.NotInThisState, $"the refund is {refund.Status}; only a proposed one is decided"),
        _ => null,
    };

    async Task GetAsync(HttpContext http)
    {
        if (await store.FindAsync(IdOf(http), http.RequestAborted) is { } refund)
        {
            await AdminRequests.WriteAsync(http, StatusCodes.Status200OK, RefundView.Of(refund), RefundJson.Default.RefundView);
            return;
        }

        await Problem.WriteAsync(http, Refusal.NotFound, "no refund of that number is here");
    }

    async Task ListAsync(HttpContext http) => await AdminRequests.WriteAsync(
        http, StatusCodes.Status200OK, new RefundList([.. (await store.ListAsync(http.RequestAborted)).Select(RefundView.Of)]), RefundJson.Default.RefundList);

    static long IdOf(HttpContext http) => long.Parse(AdminRequests.Route(http, "refundId"), CultureInfo.InvariantCulture);
}
