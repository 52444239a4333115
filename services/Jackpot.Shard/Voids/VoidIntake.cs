using System.Globalization;
using Jackpot.Core.Voids;
using Jackpot.Ledger.Batching;
using Jackpot.Ledger.Contributions;
using Jackpot.Ledger.Dedupe;
using Jackpot.Ledger.Jackpots;
using Jackpot.Ledger.Telemetry;
using Jackpot.Shard.Contributions;
using Jackpot.Shard.Problems;
using Jackpot.Shard.Regions;

namespace Jackpot.Shard.Voids;

/// <summary>
/// What every void passes, whichever way it came: over HTTP, off the bet stream, or approved by staff. The bet is found by what the void names;
/// where there is none yet, the void waits for it; otherwise it goes through the batchers of the jackpots that the bet reached.
/// </summary>
internal sealed partial class VoidIntake(
    VoidTargets targets, VoidClaims claims, BatcherDirectory batchers, TenantDirectory tenants, ShardMetrics metrics, TimeProvider clock, ILogger<VoidIntake> log)
{
    /// <summary>How often a void is looked up again because its bet came in the same moment.</summary>
    const int AttemptsMax = 3;

    /// <summary>
    /// Takes every void, each answered for itself. A void of one key is taken once, whoever asks for it and however often; whatever throws here, asking again
    /// with the same keys is right.
    /// </summary>
    public async Task<VoidOutcome[]> TakeAsync(IReadOnlyList<VoidRequest> requests, CancellationToken ct)
    {
        var outcomes = new VoidOutcome?[requests.Count];
        for (var attempt = 1; attempt <= AttemptsMax && outcomes.Contains(null); attempt++)
        {
            await TakeOpenAsync(requests, outcomes, ct);
        }

        return [.. outcomes.Select(outcome => outcome ?? VoidOutcome.Not(VoidStatus.Retry, Refusal.Unavailable, "the bet came in the same moment; ask again with the same key"))];
    }

    async Task TakeOpenAsync(IReadOnlyList<VoidRequest> requests, VoidOutcome?[] outcomes, CancellationToken ct)
    {
        var open = Enumerable.Range(0, requests.Count).Where(one => outcomes[one] is null).ToList();
        var early = await claims.FindAsync([.. open.Select(one => KeyOf(requests[one]))], ct);
        foreach (var one in open)
        {
            outcomes[one] = early.TryGetValue(KeyOf(requests[one]), out var known) ? OutcomeOf(requests[one], known) : null;
        }

        open.RemoveAll(one => outcomes[one] is not null);
        var found = await targets.FindAsync([.. open.Select(one => requests[one]).Distinct()], ct);
        foreach (var one in open.Where(one => !found[requests[one]].IsStored))
        {
            outcomes[one] = await WaitAsync(requests[one], found[requests[one]], ct);
        }

        await RecordAsync([.. open.Where(one => found[requests[one]].IsStored)], requests, found, outcomes);
    }

    /// <summary>
    /// Takes the other parts of bets back that met their void in one of several jackpots. Nobody knew how these bets would end when the voids
    /// came, so no limit is asked. Answers those of which nothing is left to be done.
    /// </summary>
    public async Task<List<EarlyVoid>> FinishAsync(IReadOnlyList<EarlyVoid> met, CancellationToken ct)
    {
        VoidRequest[] requests = [.. met.Select(early => new VoidRequest(
            early.TenantId, early.ContributionId, "early " + early.Key16.ToString("N"), early.BetMicros, early.Currency, early.Reason) { Approval = new VoidApproval(VoidRoad.Pools, "") })];
        var found = await targets.FindAsync(requests, ct);
        var outcomes = new VoidOutcome?[met.Count];
        List<int> whole = [.. Enumerable.Range(0, met.Count).Where(one => found[requests[one]].IsWhole)];
        foreach (var one in whole)
        {
            // The part that met the void is smaller by it already.
            found[requests[one]] = found[requests[one]] with { Places = [.. found[requests[one]].Places.Skip(1)], IsWhole = true };
        }

        await RecordAsync(whole, requests, found, outcomes);
        return [.. whole.Where(one => outcomes[one]?.Status != VoidStatus.Retry).Select(one => met[one])];
    }

    static VoidOutcome OutcomeOf(VoidRequest request, KnownEarlyVoid known) => (known.Body16 == BodyOf(request), known.IsMet) switch
    {
        (false, _) => KeyReused,
        (_, true) => new VoidOutcome(VoidStatus.Already, []),
        _ => new VoidOutcome(VoidStatus.Waits, []),
    };

    static VoidOutcome KeyReused => VoidOutcome.Not(VoidStatus.Refused, Refusal.KeyReused, "the first void with this key said something else; use a new key for a new void");

    /// <summary>Null when the bet has come meanwhile.</summary>
    async Task<VoidOutcome?> WaitAsync(VoidRequest request, VoidTarget target, CancellationToken ct)
    {
        if (target.IsHeld)
        {
            return VoidOutcome.Not(VoidStatus.Retry, Refusal.BetHeld, "the bet was not believed and a person has to decide over it first; ask again after that, or have it refused");
        }

        if (await claims.CountAsync(ct) >= VoidClaims.WaitingMax)
        {
            return VoidOutcome.Not(VoidStatus.Retry, Refusal.VoidsWaitingFull, $"{VoidClaims.WaitingMax} voids wait for bets that have not come; ask again later");
        }

        var early = new EarlyVoid(
            KeyOf(request), BodyOf(request), ContributionHash.Key(request.TenantId, request.Bet), request.TenantId, request.Bet, request.AmountMicros, request.Currency, request.Reason);
        return await claims.TryAddAsync(early, ct) ? new VoidOutcome(VoidStatus.Waits, []) : null;
    }

    async Task RecordAsync(List<int> stored, IReadOnlyList<VoidRequest> requests, Dictionary<VoidRequest, VoidTarget> found, VoidOutcome?[] outcomes)
    {
        var parts = stored.SelectMany(one => found[requests[one]].Places, (one, place) => (One: one, place.Jackpot, place.Sequence)).ToList();
        if (parts.Count == 0)
        {
            return;
        }

        var answers = new PendingAnswers(parts.Count);
        for (var i = 0; i < parts.Count; i++)
        {
            var (one, jackpot, sequence) = parts[i];
            if (!batchers.Of(jackpot).TryAdd(ItemOf(requests[one], jackpot, sequence, found[requests[one]].IsFanOut), answers, i))
            {
                answers.Set(i, RecordedContribution.Unavailable);
            }
        }

        await answers.Task;
        foreach (var group in parts.Select((part, i) => (part.One, part.Jackpot, Answer: answers.Answers[i]!)).GroupBy(part => part.One))
        {
            var outcome = OutcomeOf(requests[group.Key], [.. group.Select(part => (part.Jackpot, part.Answer))]);
            outcomes[group.Key] = outcome.Status <= VoidStatus.Already && !found[requests[group.Key]].IsWhole
                ? outcome with { Status = VoidStatus.Retry, Refusal = Refusal.Unavailable, Detail = "the bet has not reached all of its jackpots yet; ask again with the same key and body" }
                : outcome;
        }
    }

    /// <summary>Takes stored contributions of a jackpot back that a refund names, at most a batch of them. The same refund takes each once.</summary>
    public async Task<RecordedContribution[]> RefundAsync(
        JackpotEntry jackpot, IReadOnlyList<(long Sequence, string TenantId, string ContributionId)> rows, long refund, string why, string by)
    {
        var answers = new PendingAnswers(rows.Count);
        for (var i = 0; i < rows.Count; i++)
        {
            var (sequence, tenant, contribution) = rows[i];
            var name = string.Create(CultureInfo.InvariantCulture, $"{refund} {sequence}");
            var item = ItemOf(new VoidRequest(tenant, contribution, name, null, null, why) { Approval = new VoidApproval(VoidRoad.Pools, by) }, jackpot, sequence, isFanOut: false);
            item.Key16 = ContributionHash.Of(["refund", name]);
            if (!batchers.Of(jackpot).TryAdd(item, answers, i))
            {
                answers.Set(i, RecordedContribution.Unavailable);
            }
        }

        await answers.Task;
        return [.. answers.Answers.Select(answer => answer!)];
    }

    AcceptedContribution ItemOf(VoidRequest request, JackpotEntry jackpot, long sequence, bool isFanOut)
    {
        var now = clock.GetUtcNow().UtcTicks;
        return new AcceptedContribution
        {
            Jackpot = jackpot.Number,
            Key16 = isFanOut ? ContributionHash.Of(["void", request.TenantId, request.IdempotencyKey, jackpot.Config.Id.Value]) : KeyOf(request),
            Body16 = BodyOf(request),
            BetCurrency = request.Currency ?? "",
            OccurredAtTicks = now,
            ReceivedAtTicks = now,
            TenantId = request.TenantId,
            ContributionId = request.Bet,
            PlayerId = "",
            GameId = "",
            RoundId = "",
            Void = new VoidItem(
                sequence, request.AmountMicros, request.Currency ?? "", request.Approval?.Road ?? VoidRoad.Pools,
                request.Approval is null ? tenants.Find(request.TenantId)?.Voids ?? VoidLimits.Default : null, request.Reason, request.Approval?.By ?? ""),
        };
    }

    /// <summary>Bets that reach several jackpots are taken back in each; the worst of the answers is the void's.</summary>
    VoidOutcome OutcomeOf(VoidRequest request, IReadOnlyList<(JackpotEntry Jackpot, RecordedContribution Answer)> parts)
    {
        var taken = parts.Where(part => part.Answer.Kind is RecordedKind.Voided or RecordedKind.Duplicate).Select(part => new VoidedPartOf(part.Jackpot, part.Answer.Void!)).ToList();
        foreach (var part in parts)
        {
            if (part.Answer is { Kind: RecordedKind.VoidRefused, Void.Result: VoidResult.TooLate or VoidResult.TooMuch } over)
            {
                metrics.VoidOverLimit(request.TenantId);
                LogOverLimit(log, request.TenantId, part.Jackpot.Config.Id.Value, over.Void.Result);
            }
        }

        foreach (var won in taken.SelectMany(part => part.Record.Awards))
        {
            LogWinnerVoided(log, won);
        }

        var against = parts.Select(part => Against(part.Answer)).OfType<VoidOutcome>().OrderByDescending(outcome => outcome.Status).FirstOrDefault();
        var status = against?.Status ?? (parts.All(part => part.Answer.Kind == RecordedKind.Duplicate) ? VoidStatus.Already : VoidStatus.Voided);
        return new VoidOutcome(status, taken) { Refusal = against?.Refusal ?? Refusal.None, Detail = against?.Detail ?? "" };
    }

    static VoidOutcome? Against(RecordedContribution answer) => answer.Kind switch
    {
        RecordedKind.Voided or RecordedKind.Duplicate => null,
        RecordedKind.KeyReused => KeyReused,
        RecordedKind.Paused => VoidOutcome.Not(VoidStatus.Retry, Refusal.JackpotPaused, "nothing was taken back; the amount stays as it is until the jackpot is resumed"),
        RecordedKind.VoidRefused => Against(answer.Void!.Result),
        _ => VoidOutcome.Not(VoidStatus.Retry, Refusal.Unavailable, "the void may or may not be stored; ask again with the same key and body"),
    };

    static VoidOutcome Against(VoidResult result) => result switch
    {
        VoidResult.CurrencyDiffers => VoidOutcome.Not(VoidStatus.Refused, Refusal.FieldInvalid, "'amount' must be in the currency of the bet"),
        VoidResult.NothingLeft => VoidOutcome.Not(VoidStatus.Refused, Refusal.VoidNothingLeft, "earlier voids have taken the whole bet back"),
        VoidResult.AmountNotPositive => VoidOutcome.Not(VoidStatus.Refused, Refusal.FieldInvalid, "'amount' must be above zero"),
        VoidResult.MoreThanIsLeft => VoidOutcome.Not(VoidStatus.Refused, Refusal.VoidExceedsBet, "all voids of a bet together never exceed it; leave 'amount' out to take back what is left"),
        VoidResult.TooLate => VoidOutcome.Not(VoidStatus.Refused, Refusal.VoidOverLimit, "the bet is longer ago than voids are taken by themselves; it needs a settlement that two of the staff agree to"),
        VoidResult.TooMuch => VoidOutcome.Not(VoidStatus.Refused, Refusal.VoidOverLimit, "more of the day's contributions would be taken back than is done by itself; it needs a settlement that two of the staff agree to"),
        _ => VoidOutcome.Not(VoidStatus.Refused, Refusal.NotFound, "the contribution's row is not in the tables"),
    };

    static Guid KeyOf(VoidRequest request) => ContributionHash.Of(["void", request.TenantId, request.IdempotencyKey]);

    static Guid BodyOf(VoidRequest request) => ContributionHash.Of(
        [request.TenantId, request.Bet, request.AmountMicros?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "", request.Currency ?? "", request.Reason, request.Approval?.Road.ToString() ?? ""]);

    [LoggerMessage(EventId = 860, Level = LogLevel.Error, Message = "Tenant {Tenant} asked for a void of jackpot {Jackpot} beyond its limit ({Result}); two people have to agree to it")]
    static partial void LogOverLimit(ILogger logger, string tenant, string jackpot, VoidResult result);

    [LoggerMessage(EventId = 861, Level = LogLevel.Error, Message = "The bet that won award {Award} was taken back; its payout is held for a person, unless it was credited before")]
    static partial void LogWinnerVoided(ILogger logger, string award);
}
