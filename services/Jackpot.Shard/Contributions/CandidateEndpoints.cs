using Jackpot.Core.Eligibility;
using Jackpot.Core.Maths;
using Jackpot.Core.Pools;
using Jackpot.Ledger.Jackpots;
using Jackpot.Ledger.Texts;
using Jackpot.Shard.OpenApi;
using Jackpot.Shard.Players;
using Jackpot.Shard.Problems;
using Jackpot.Shard.Regions;
using Jackpot.Shard.Requests;
using Npgsql;
using NpgsqlTypes;

namespace Jackpot.Shard.Contributions;

/// <summary>Would this bet take part? Asked before it is made, answered per jackpot with every reason against it, and without any effect (R35, R38).</summary>
internal sealed class CandidateEndpoints(
    TenantDirectory tenants, SlowPath slowPath, Participation participation, OptInCache optIns, ContributionValidator validator, NpgsqlDataSource database,
    TimeProvider clock)
{
    /// <summary>What a bet that has not been made yet cannot have; it is not looked at.</summary>
    const string NotYet = "not-yet";

    const string WithoutRate = "currency_without_rate";
    const string MainRefuses = "main_jackpot_refuses";

    public static void Map(IEndpointRouteBuilder routes) => routes.MapDocumentedPost<CandidateBody, CandidateList>(
        "/v1/jp/candidates", routes.ServiceProvider.GetRequiredService<CandidateEndpoints>().AnswerAsync, "Would this bet take part, and with what chance?");

    async Task AnswerAsync(HttpContext http)
    {
        if (await RequestTenant.TenantOfAsync(http, tenants) is not { } tenant
            || await StrictBody.ReadAsync(http, ContributionEndpoints.SingleBytesMax, ContributionBodies.One) is not { } request)
        {
            return;
        }

        FillIn(request);
        var routing = await slowPath.ReachAsync(new Incoming(request, tenant.TenantId), http.RequestAborted);
        if (routing.Refused is { } refused)
        {
            await Problem.WriteAsync(http, refused.Refusal, refused.Detail, reason: refused.Reason);
            return;
        }

        await JsonBody.WriteAsync(http, new CandidateList(await CandidatesAsync(routing, http.RequestAborted)), CandidateJson.Default.CandidateList);
    }

    void FillIn(ContributionRequest request)
    {
        request.ContributionId ??= NotYet;
        request.RoundId ??= NotYet;
        request.IdempotencyKey ??= NotYet;
        request.OccurredAt ??= clock.GetUtcNow().ToString("O");
    }

    async Task<List<CandidateView>> CandidatesAsync(ContributionRouting routing, CancellationToken ct)
    {
        var facts = ContributionValidator.FactsOf(routing.Request);
        var keys = routing.Parts.ToDictionary(part => part.Jackpot.Number, part => Participation.KeyOf(facts, part.Jackpot));
        var consents = await optIns.FindAsync(keys.Values, ct);
        var statuses = await StatusesAsync([.. keys.Keys], ct);
        var candidates = new List<CandidateView>(routing.Parts.Count);
        var isNamed = routing.Request.Sources is not { Count: > 0 };
        foreach (var part in routing.Parts)
        {
            var candidate = Candidate(routing, facts, part.Jackpot, statuses[part.Jackpot.Number], consents[keys[part.Jackpot.Number]]);

            // Links of a jackpot that was named are only asked when it takes the bet.
            candidates.Add(isNamed && candidates is [{ Eligible: false }, ..]
                ? candidate with { Eligible = false, Reasons = [MainRefuses, .. candidate.Reasons] }
                : candidate);
        }

        return candidates;
    }

    CandidateView Candidate(ContributionRouting routing, BetFacts facts, JackpotEntry jackpot, JackpotStatus status, Consent consent)
    {
        List<string> reasons = [.. participation.Reasons(facts, jackpot, status, consent).Select(WireNames.Of)];
        var hasStake = validator.Stake(routing.Request.Bet, jackpot, out var stake, out _) is null;
        if (!hasStake)
        {
            reasons.Add(WithoutRate);
        }

        var (terms, home) = (participation.TermsOf(jackpot), jackpot.Config.Currency);
        var band = terms?.Bands.FirstOrDefault(band => band.Currency.Code == facts.BetCurrency);
        return new CandidateView(
            jackpot.Config.Id.Value, reasons.Count == 0, reasons,
            hasStake ? new(stake, home) : null,
            band is null ? null : new StakeBandView(new(band.MinMicros, band.Currency), new(band.MaxMicros, band.Currency)),
            SideBet(jackpot, terms, facts, consent),
            [.. jackpot.Config.Pools.Select(pool => new CandidateTier(pool.Id.Value, hasStake ? jackpot.Config.MayWin(facts.Funding) ? Odds(pool, stake) : NoChance : null))]);
    }

    /// <summary>What the player's second, small bet would be now; only for jackpots that live on those, and players who opted in.</summary>
    static Core.Amounts.Money? SideBet(JackpotEntry jackpot, EligibilityTerms? terms, BetFacts facts, Consent consent) =>
        jackpot.Config.Funding == FundingMode.SideBet && terms is not null && consent.ConsentVersion is { } version
            ? OptInRules.SideBet(terms, new OptIn(PlayerHash.Of(facts.TenantId, facts.PlayerId), version, consent.PreferredStake, 0), Core.Amounts.Currency.Parse(facts.BetCurrency))
            : null;

    /// <summary>Of a bet whose money feeds and does not win.</summary>
    const string NoChance = "0 in 1";

    /// <summary>The exact chance of this stake, where the terms alone decide it: a random tier's is stake by turnover, whatever the pool holds.</summary>
    static string? Odds(PoolConfig pool, long stakeMicros)
    {
        if (pool.Trigger is not RandomTrigger random || stakeMicros == 0)
        {
            return null;
        }

        var chance = stakeMicros >= random.TurnoverPerDropMicros ? 1 : new Ratio(stakeMicros, random.TurnoverPerDropMicros);
        return $"{chance.Numerator} in {chance.Denominator}";
    }

    async Task<Dictionary<int, JackpotStatus>> StatusesAsync(int[] numbers, CancellationToken ct)
    {
        await using var command = database.CreateCommand("SELECT id, status FROM jackpot_state WHERE id = ANY ($1)");
        command.Parameters.Add(new NpgsqlParameter<int[]> { TypedValue = numbers, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer });
        await using var row = await command.ExecuteReaderAsync(ct);
        var statuses = new Dictionary<int, JackpotStatus>();
        while (await row.ReadAsync(ct))
        {
            statuses.Add(row.GetInt32(0), JackpotReader.StatusOf(row.GetString(1)));
        }

        return statuses;
    }
}
