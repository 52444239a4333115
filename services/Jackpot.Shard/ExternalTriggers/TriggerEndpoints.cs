using System.Collections.Immutable;
using System.Data.Common;
using System.Globalization;
using Jackpot.Contracts.Views;
using Jackpot.Core.Community;
using Jackpot.Core.Ids;
using Jackpot.Core.Pools;
using Jackpot.Ledger.Awards;
using Jackpot.Ledger.Jackpots;
using Jackpot.Ledger.Texts;
using Jackpot.Shard.Contributions;
using Jackpot.Shard.OpenApi;
using Jackpot.Shard.Players;
using Jackpot.Shard.Problems;
using Jackpot.Shard.Regions;

namespace Jackpot.Shard.ExternalTriggers;

/// <summary>Where a game's server says that a pool drops, and to whom.</summary>
internal sealed partial class TriggerEndpoints(
    TenantDirectory tenants, JackpotDirectory jackpots, Participation participation, OptInCache optIns, ExternalDrops drops, ILogger<TriggerEndpoints> log)
{
    /// <summary>A thousand winners with ids of full length fit.</summary>
    const int BytesMax = 1024 * 1024;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var endpoints = routes.ServiceProvider.GetRequiredService<TriggerEndpoints>();
        routes.MapDocumentedPost<TriggerBody, TriggerAnswered>("/v1/jp/triggers", endpoints.DropAsync, "Drop an external pool to the winners that its game names");
        routes.MapDocumentedPost<TriggerBody, TriggerAnswered>("/jackpot/{jackpotId}/award", endpoints.DropAsync, "Short form of /v1/jp/triggers");
    }

    async Task DropAsync(HttpContext http)
    {
        if (await RequestTenant.TenantOfAsync(http, tenants) is not { } tenant
            || await DropRequestBody.ReadAsync(http, BytesMax, TriggerJson.Default.TriggerBody) is not { } body)
        {
            return;
        }

        var (refused, request) = await CheckAsync(body, http.Request.RouteValues["jackpotId"] as string, tenant.TenantId, http.RequestAborted);
        await DropRequestBody.WriteAsync(http, refused is null ? await DropAsync(request!, http.RequestAborted) : DropOutcome.Refused.Of(refused));
    }

    async Task<DropOutcome> DropAsync(TriggerRequest request, CancellationToken ct)
    {
        try
        {
            return await drops.DropAsync(request, ct);
        }
        catch (DbException e)
        {
            LogInDoubt(log, e);
            return new DropOutcome.Refused(Refusal.Unavailable, "the pool may or may not have dropped; ask again with the same trigger_id and body");
        }
    }

    async ValueTask<(RefusedContribution? Refused, TriggerRequest? Request)> CheckAsync(TriggerBody body, string? jackpotId, string tenantId, CancellationToken ct)
    {
        var refused = ContributionValidator.Id(body.TriggerId, "trigger_id") ?? ContributionValidator.Id(body.TenantId, "tenant_id")
            ?? (body.TenantId == tenantId ? null : new RefusedContribution(Refusal.TenantMismatch, "the body's 'tenant_id' is not the tenant of the request (X-Tenant-Id)"))
            ?? CheckWinners(body.Winners)
            ?? (jackpotId is null || body.PoolId is not null ? ContributionValidator.Id(body.PoolId, "pool_id") : null);
        if (refused is not null)
        {
            return (refused, null);
        }

        var (jackpot, pool) = Find(body.PoolId, jackpotId, tenantId);
        if (jackpot is null)
        {
            await jackpots.ReloadIfStaleAsync(ct);
            (jackpot, pool) = Find(body.PoolId, jackpotId, tenantId);
        }

        return (jackpot, pool) switch
        {
            (null, _) => (new(Refusal.PoolUnknown, "no pool or jackpot of that id is open to this tenant"), null),
            _ when !jackpot.MayBeTriggeredBy(tenantId) => (new(Refusal.CallerNotNamed, "the jackpot's 'callers' do not name this tenant, so its games do not say who wins"), null),
            (_, null) => (new(Refusal.FieldMissing, "name 'pool_id': not exactly one pool of this jackpot has an external trigger"), null),
            _ => (null, RequestOf(body, jackpot, pool.Value) with { Against = await AgainstAsync(body, jackpot, ct) }),
        };
    }

    /// <summary>The first reason against any of the winners: they are checked like who plays, but for the size of a bet.</summary>
    async ValueTask<RefusedContribution?> AgainstAsync(TriggerBody body, JackpotEntry jackpot, CancellationToken ct)
    {
        var facts = body.Winners!.Select(winner => FactsOf(winner!, body.TenantId!, jackpot)).ToList();
        var consents = jackpot.Terms.Eligibility?.ConsentVersion is null
            ? []
            : await optIns.FindAsync(facts.Select(winner => Participation.KeyOf(winner, jackpot)), ct);
        for (var i = 0; i < facts.Count; i++)
        {
            if (participation.CheckWinner(facts[i], jackpot, consents.GetValueOrDefault(Participation.KeyOf(facts[i], jackpot), Consent.None)) is { } reason)
            {
                return new(Refusal.NotEligible, string.Create(CultureInfo.InvariantCulture, $"winners[{i}] does not take part: {WireNames.Of(reason)}"), WireNames.Of(reason));
            }
        }

        return null;
    }

    static BetFacts FactsOf(TriggerWinner winner, string tenantId, JackpotEntry jackpot) => new(
        tenantId, winner.PlayerId!, winner.GameId!, winner.PlayerCountry, winner.Segments is { Count: > 0 } segments ? [.. segments!] : [],
        0, jackpot.Config.Currency.Code);

    static RefusedContribution? CheckWinners(IReadOnlyList<TriggerWinner?>? winners)
    {
        if (winners is null || winners.Count is 0 or > SimultaneousRules.WinnersMax)
        {
            return new(Refusal.WinnersInvalid, $"'winners' has {winners?.Count ?? 0} entries; name 1 to {SimultaneousRules.WinnersMax}");
        }

        for (var i = 0; i < winners.Count; i++)
        {
            var at = string.Create(CultureInfo.InvariantCulture, $"winners[{i}].");
            var refused = ContributionValidator.Id(winners[i]?.PlayerId, at + "player_id") ?? ContributionValidator.Id(winners[i]?.GameId, at + "game_id")
                ?? ContributionValidator.Id(winners[i]?.RoundId, at + "round_id")
                ?? ContributionValidator.Player(winners[i]!.PlayerCountry, winners[i]!.Segments, at);
            if (refused is not null)
            {
                return refused;
            }
        }

        return winners.DistinctBy(winner => (winner!.PlayerId, winner.GameId, winner.RoundId)).Count() == winners.Count
            ? null
            : new(Refusal.WinnersInvalid, "'winners' names the same player in the same round twice; name each once");
    }

    /// <summary>The jackpot, when this tenant feeds it, and the pool that is meant: the named one, or the only one with an external trigger.</summary>
    (JackpotEntry? Jackpot, PoolId? Pool) Find(string? poolId, string? jackpotId, string tenantId)
    {
        var jackpot = poolId is null ? jackpots.ByJackpot(jackpotId!) : jackpots.ByPool(poolId);
        if (jackpot is null || !jackpot.IsFedBy(tenantId) || (jackpotId is not null && jackpot.Config.Id.Value != jackpotId))
        {
            return (null, null);
        }

        var meant = jackpot.Config.Pools.Where(pool => poolId is null ? pool.Trigger is ExternalTrigger : pool.Id.Value == poolId).ToList();
        return (jackpot, meant.Count == 1 ? meant[0].Id : null);
    }

    static TriggerRequest RequestOf(TriggerBody body, JackpotEntry jackpot, PoolId pool)
    {
        var winners = body.Winners!.Select(winner => new Winner(body.TenantId!, winner!.PlayerId!, winner.GameId!, winner.RoundId!)).ToImmutableArray();
        string[] said = [pool.Value, .. winners.SelectMany(winner => new[] { winner.PlayerId, winner.GameId, winner.RoundId }), .. body.Winners!.SelectMany(Eligibility)];
        return new TriggerRequest(jackpot.Number, pool, body.TenantId!, body.TriggerId!, ContributionHash.Of(said), winners);
    }

    // Said with their names and only when they are there, so that older triggers keep their hashes.
    static IEnumerable<string> Eligibility(TriggerWinner? winner, int index)
    {
        var at = index.ToString(CultureInfo.InvariantCulture);
        string[] country = winner!.PlayerCountry is { } code ? ["player_country", at, code] : [];
        string[] segments = winner.Segments is { Count: > 0 } named ? ["segments", at, .. named.Order(StringComparer.Ordinal)!] : [];
        return [.. country, .. segments];
    }

    [LoggerMessage(EventId = 450, Level = LogLevel.Warning, Message = "An external drop is in doubt; the caller asks again")]
    static partial void LogInDoubt(ILogger logger, Exception exception);
}
