using Jackpot.Core.Amounts;
using Jackpot.Shard.Contributions;
using Jackpot.Shard.OpenApi;
using Jackpot.Shard.Problems;
using Jackpot.Shard.Regions;
using Jackpot.Shard.Requests;

namespace Jackpot.Shard.Voids;

/// <summary>Where operators take bets back, wholly or by a part.</summary>
internal sealed class VoidEndpoints(TenantDirectory tenants, VoidIntake intake)
{
    const int ReasonCharsMax = 200;
    const string KeyHeader = "Idempotency-Key";
    public const string DefaultReason = "rolled back by the operator";

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapDocumentedPost<VoidBody, VoidAnswered>(
            "/v1/jp/contributions/{id}/void", routes.ServiceProvider.GetRequiredService<VoidEndpoints>().VoidAsync,
            "Take a contribution back, wholly or by a part of its bet; one that has not come is taken back when it comes")
            .Produces<VoidAnswered>(StatusCodes.Status202Accepted);

    async Task VoidAsync(HttpContext http)
    {
        if (await RequestTenant.TenantOfAsync(http, tenants) is not { } tenant || await JsonBody.ReadAsync(http, VoidJson.Default.VoidBody) is not { } body)
        {
            return;
        }

        body = body with { IdempotencyKey = body.IdempotencyKey ?? http.Request.Headers[KeyHeader].FirstOrDefault() };
        var id = (string)http.Request.RouteValues["id"]!;
        if (Check(body, id, tenant.TenantId) is { } refused)
        {
            await Problem.WriteAsync(http, refused.Refusal, refused.Detail);
            return;
        }

        var request = new VoidRequest(tenant.TenantId, id, body.IdempotencyKey!, body.Amount?.Micros, body.Amount?.Currency.Code, body.Reason ?? DefaultReason);
        var outcome = (await intake.TakeAsync([request], http.RequestAborted))[0];
        if (outcome.Status is VoidStatus.Refused or VoidStatus.Retry)
        {
            await Problem.WriteAsync(http, outcome.Refusal, outcome.Detail);
            return;
        }

        await AnswerAsync(http, id, outcome);
    }

    public static RefusedContribution? Check(VoidBody body, string id, string tenantId) =>
        ContributionValidator.Id(id, "id") ?? ContributionValidator.Id(body.IdempotencyKey, "idempotency_key")
        ?? (body.TenantId is null || body.TenantId == tenantId ? null : new RefusedContribution(Refusal.TenantMismatch, "the body's 'tenant_id' is not the tenant of the request (X-Tenant-Id)"))
        ?? (body.Amount is { Micros: 0 } ? new RefusedContribution(Refusal.FieldInvalid, "'amount' must be above zero; leave it out to take back what is left") : null)
        ?? (body.Reason is null or { Length: > 0 and <= ReasonCharsMax } && body.Reason?.Contains('\0') != true
            ? null
            : new RefusedContribution(Refusal.FieldTooLong, $"'reason' has 1 to {ReasonCharsMax} characters"));

    static Task AnswerAsync(HttpContext http, string id, VoidOutcome outcome)
    {
        if (outcome.Status == VoidStatus.Already)
        {
            http.Response.Headers[ContributionEndpoints.ReplayedHeader] = "true";
        }

        var waits = outcome.Status == VoidStatus.Waits;
        http.Response.StatusCode = waits ? StatusCodes.Status202Accepted : StatusCodes.Status200OK;
        var parts = outcome.Parts.Select(part => new VoidedPartView(
            part.Jackpot.Config.Id.Value, part.Record.Number, new Money(part.Record.ContributionMicros, part.Jackpot.Config.Currency),
            new Money(part.Record.CarriedMicros, part.Jackpot.Config.Currency), part.Record.Awards));
        return JsonBody.WriteAsync(http, new VoidAnswered(id, waits ? "waits" : "voided", [.. parts]), VoidJson.Default.VoidAnswered);
    }
}
