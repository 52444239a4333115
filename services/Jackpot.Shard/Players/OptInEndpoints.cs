using Jackpot.Core.Eligibility;
using Jackpot.Core.Ids;
using Jackpot.Ledger.Jackpots;
using Jackpot.Ledger.Texts;
using Jackpot.Shard.OpenApi;
using Jackpot.Shard.Problems;
using Jackpot.Shard.Regions;
using Jackpot.Shard.Requests;

namespace Jackpot.Shard.Players;

/// <summary>Where players agree to take part, and stop to. Every step is kept; repeating one changes nothing.</summary>
internal sealed class OptInEndpoints(
    TenantDirectory tenants, JackpotDirectory jackpots, PlayerStatusCache statuses, Participation participation, OptInStore store, OptInCache cache, TimeProvider clock)
{
    const string Path = "/v1/optin";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var endpoints = routes.ServiceProvider.GetRequiredService<OptInEndpoints>();
        routes.MapDocumentedPost<OptInBody, OptInView>(Path, endpoints.PostAsync, "Opt a player in to a jackpot");
        routes.MapDocumentedGet<OptInView>(Path, endpoints.GetAsync, "A player's consent with its history; query: player_id, jackpot_id");
        routes.MapDelete(Path, (Delegate)endpoints.DeleteAsync).WithSummary("Opt a player out; query: player_id, jackpot_id");
    }

    async Task PostAsync(HttpContext http)
    {
        if (await RequestTenant.TenantOfAsync(http, tenants) is not { } tenant
            || await JsonBody.ReadAsync(http, PlayerJson.Default.OptInBody) is not { } body
            || await TargetAsync(http, tenant, body.PlayerId, body.JackpotId) is not { } target
            || !await IsWholeAsync(http, tenant, body))
        {
            return;
        }

        var optIn = new OptIn(PlayerHash.Of(tenant.TenantId, body.PlayerId!), body.ConsentVersion!.Value, body.PreferredStake, clock.GetUtcNow().ToUnixTimeMilliseconds());
        var answer = OptInRules.Check(participation.TermsOf(target.Jackpot) ?? new EligibilityTerms(), statuses.Of(tenant.TenantId, body.PlayerId!), optIn);
        if (answer != OptInAnswer.OptedIn)
        {
            await Problem.WriteAsync(http, Refusal.OptInRefused, Detail(answer, target.Jackpot), reason: WireNames.Of(answer));
            return;
        }

        await store.AddAsync(target.Key, optIn.ConsentVersion, optIn.PreferredStake, http.RequestAborted);
        await cache.CatchUpAsync(http.RequestAborted);
        await AnswerAsync(http, target.Key, target.Jackpot);
    }

    async Task GetAsync(HttpContext http)
    {
        if (await RequestTenant.TenantOfAsync(http, tenants) is { } tenant && await TargetOfQueryAsync(http, tenant) is { } target)
        {
            await AnswerAsync(http, target.Key, target.Jackpot);
        }
    }

    async Task DeleteAsync(HttpContext http)
    {
        if (await RequestTenant.TenantOfAsync(http, tenants) is { } tenant && await TargetOfQueryAsync(http, tenant) is { } target)
        {
            await store.AddAsync(target.Key, null, null, http.RequestAborted);
            await cache.CatchUpAsync(http.RequestAborted);
            http.Response.StatusCode = StatusCodes.Status204NoContent;
        }
    }

    async Task AnswerAsync(HttpContext http, OptInKey key, JackpotEntry jackpot)
    {
        var steps = await store.HistoryAsync(key, http.RequestAborted);
        var now = steps.FirstOrDefault() ?? Consent.None;
        var view = new OptInView(
            key.PlayerId, jackpot.Config.Id.Value, now.ConsentVersion is not null, now.ConsentVersion, now.PreferredStake, now.At,
            [.. steps.Select(step => new OptInStep(step.ConsentVersion, step.PreferredStake, step.At!.Value))]);
        await JsonBody.WriteAsync(http, view, PlayerJson.Default.OptInView);
    }

    static async ValueTask<bool> IsWholeAsync(HttpContext http, TenantHome tenant, OptInBody body)
    {
        if (body.TenantId != tenant.TenantId)
        {
            await Problem.WriteAsync(http, Refusal.TenantMismatch, "the body's 'tenant_id' is not the tenant of the request (X-Tenant-Id)");
            return false;
        }

        if (body.ConsentVersion is > 0)
        {
            return true;
        }

        await Problem.WriteAsync(http, body.ConsentVersion is null ? Refusal.FieldMissing : Refusal.FieldInvalid, "'consent_version' must be the version of the terms that the player agreed to, 1 or more");
        return false;
    }

    ValueTask<Target?> TargetOfQueryAsync(HttpContext http, TenantHome tenant) =>
        TargetAsync(http, tenant, http.Request.Query["player_id"], http.Request.Query["jackpot_id"]);

    async ValueTask<Target?> TargetAsync(HttpContext http, TenantHome tenant, string? player, string? jackpotId)
    {
        if (!PlayerId.TryParse(player, out _))
        {
            await Problem.WriteAsync(http, string.IsNullOrEmpty(player) ? Refusal.FieldMissing : Refusal.FieldInvalid, "'player_id' has 1 to 200 characters without control characters");
            return null;
        }

        if (string.IsNullOrEmpty(jackpotId))
        {
            await Problem.WriteAsync(http, Refusal.FieldMissing, "'jackpot_id' is missing or empty");
            return null;
        }

        if (jackpots.ByJackpot(jackpotId) is null)
        {
            await jackpots.ReloadIfStaleAsync(http.RequestAborted);
        }

        if (jackpots.ByJackpot(jackpotId) is { } jackpot && jackpot.IsFedBy(tenant.TenantId))
        {
            return new Target(new OptInKey(tenant.TenantId, player!, jackpot.Number), jackpot);
        }

        await Problem.WriteAsync(http, Refusal.PoolUnknown, "no jackpot of that id is open to this tenant");
        return null;
    }

    static string Detail(OptInAnswer answer, JackpotEntry jackpot) => answer switch
    {
        OptInAnswer.SelfExcluded or OptInAnswer.HouseAccount => "this player does not take part in jackpots",
        OptInAnswer.ConsentOutdated => $"the terms in force have version {jackpot.Terms.Eligibility?.ConsentVersion}; show them to the player and send that version",
        OptInAnswer.CurrencyNotTaken => "the currency of 'preferred_stake' is not taken; see POST /v1/jp/candidates for what is",
        _ => "'preferred_stake' lies outside of the band of its currency; see POST /v1/jp/candidates",
    };

    sealed record Target(OptInKey Key, JackpotEntry Jackpot);
}
