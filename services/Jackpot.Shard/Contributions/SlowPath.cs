using Jackpot.Core.Eligibility;
using Jackpot.Core.Ids;
using Jackpot.Core.Limits;
using Jackpot.Core.Links;
using Jackpot.Ledger.Batching;
using Jackpot.Ledger.Contributions;
using Jackpot.Ledger.Dedupe;
using Jackpot.Ledger.Jackpots;
using Jackpot.Ledger.Texts;
using Jackpot.Shard.Players;
using Jackpot.Shard.Problems;
using Jackpot.Shard.Quarantine;

namespace Jackpot.Shard.Contributions;

/// <summary>
/// Answers the requests that memory alone cannot: a consent must be read, several jackpots are reached, a stake is over a limit, or a
/// refusal may not be the first answer to its key. Each question is one query for all requests at once.
/// </summary>
internal sealed class SlowPath(
    JackpotDirectory jackpots, ContributionValidator validator, OptInCache optIns, FanOutPlans plans, StoredContributions stored, BatcherDirectory batchers,
    StakeLimits limits, QuarantineStore quarantine)
{
    /// <summary>Most jackpots that one bet may reach.</summary>
    public const int JackpotsMax = 64;

    public async Task<List<ContributionRouting>> TakeAsync(IEnumerable<Incoming> incoming, CancellationToken ct)
    {
        var routings = incoming.Select(item => new ContributionRouting(item.Request, item.TenantId)).ToList();
        await FindJackpotsAsync(routings, ct);
        var consents = await optIns.FindAsync(routings.SelectMany(ConsentsAskedBy), ct);
        routings.ForEach(routing => Decide(routing, consents));
        await plans.SettleAsync(routings.FindAll(routing => routing.IsFanOut && (routing.Refused is null || routing.Refused.DependsOnState)), ct);
        await ReplayAsync(routings, ct);
        await RecordAsync([.. routings.SelectMany(routing => routing.Parts).Where(part => part is { Takes: true, OnlyIfStored: false })], ct);
        await ExplainAsync([.. routings.SelectMany(routing => routing.Parts).Where(part => part.Recorded?.Kind == RecordedKind.Quarantined)], ct);
        return routings;
    }

    /// <summary>What a bet would reach: its parts, none of them asked.</summary>
    public async Task<ContributionRouting> ReachAsync(Incoming incoming, CancellationToken ct)
    {
        var routing = new ContributionRouting(incoming.Request, incoming.TenantId);
        await FindJackpotsAsync([routing], ct);
        return routing;
    }

    async Task FindJackpotsAsync(List<ContributionRouting> routings, CancellationToken ct)
    {
        foreach (var routing in routings)
        {
            routing.Refused = validator.CheckBody(routing.Request, routing.TenantId, out routing.OccurredAt);
        }

        // The jackpot may have been created a moment ago, by another replica.
        if (routings.Exists(routing => routing.Refused is null && routing.Request.Sources is not { Count: > 0 } && validator.Named(routing.Request) is null))
        {
            await jackpots.ReloadIfStaleAsync(ct);
        }

        routings.ForEach(Reach);
    }

    /// <summary>The jackpots that a request may reach, each as a part that has not been asked yet.</summary>
    void Reach(ContributionRouting routing)
    {
        if (routing.Refused is { DependsOnState: false })
        {
            return;
        }

        if (routing.Request.Sources is { Count: > 0 } sources)
        {
            routing.IsFanOut = true;
            var found = jackpots.Sources.JackpotsOf(sources.Select(source => ContributionValidator.SourceOf(source)!.Value));
            Reach(routing, found.Select(id => jackpots.ByJackpot(id.Value)!).Where(jackpot => jackpot.IsFedBy(routing.TenantId)));
            return;
        }

        routing.Refused ??= validator.Jackpot(routing.Request, routing.TenantId, out _);
        if (validator.Named(routing.Request) is { } named)
        {
            routing.IsFanOut = !named.Terms.Links.IsEmpty;
            Reach(routing, [named]);
        }
    }

    void Reach(ContributionRouting routing, IEnumerable<JackpotEntry> mains)
    {
        foreach (var jackpot in mains.SelectMany(WithLinks).DistinctBy(jackpot => jackpot.Number))
        {
            if (routing.Parts.Count == JackpotsMax)
            {
                routing.Refused = new(Refusal.FieldInvalid, $"this bet reaches more than {JackpotsMax} jackpots; name fewer sources");
                routing.Parts = [];
                return;
            }

            routing.Parts.Add(new ContributionPart(jackpot) { Kind = LinkedPartKind.NotAsked });
        }
    }

    /// <summary>The jackpot and those directly linked to it; one that is not on this shard is passed over.</summary>
    IEnumerable<JackpotEntry> WithLinks(JackpotEntry main) =>
        [main, .. main.Terms.Links.Select(link => jackpots.ByJackpot(link.Value)).OfType<JackpotEntry>()];

    static IEnumerable<OptInKey> ConsentsAskedBy(ContributionRouting routing) => routing.Parts
        .Where(part => part.Jackpot.Terms.Eligibility?.ConsentVersion is not null)
        .Select(part => new OptInKey(routing.TenantId, routing.Request.PlayerId!, part.Jackpot.Number));

    void Decide(ContributionRouting routing, Dictionary<OptInKey, Consent> consents)
    {
        if (routing.Refused is not null)
        {
            Doubt(routing);
            return;
        }

        // Whoever was reached as a main jackpot is asked; its links only when it takes the bet.
        foreach (var main in MainsOf(routing))
        {
            LinkRules.Plan(main.Jackpot.Config.Id, main.Jackpot.Terms.Links, id => Ask(routing, id, main, consents));
        }
    }

    List<ContributionPart> MainsOf(ContributionRouting routing)
    {
        if (routing.Request.Sources is not { Count: > 0 } sources)
        {
            return routing.Parts[..1];
        }

        var found = jackpots.Sources.JackpotsOf(sources.Select(source => ContributionValidator.SourceOf(source)!.Value));
        return routing.Parts.FindAll(part => found.Contains(part.Jackpot.Config.Id));
    }

    /// <summary>Asks one jackpot, once. Refusals that are not about eligibility count like the nearest that is.</summary>
    IneligibleReason? Ask(ContributionRouting routing, JackpotId id, ContributionPart main, Dictionary<OptInKey, Consent> consents)
    {
        if (routing.Parts.Find(part => part.Jackpot.Config.Id == id) is not { } asked)
        {
            return null;
        }

        if (asked.Kind == LinkedPartKind.NotAsked)
        {
            asked.Refused = asked.Jackpot.IsFedBy(routing.TenantId)
                ? validator.CheckAt(routing.Request, asked.Jackpot, routing.OccurredAt, consents, asked == main ? routing.Request.Contribution : default, out asked.Accepted)
                : new(Refusal.PoolUnknown, "this linked jackpot is not open to this tenant");
            asked.Kind = asked.Refused is null ? LinkedPartKind.Takes : LinkedPartKind.Refuses;
            if (asked.Refused is { DependsOnState: true } && !routing.IsFanOut)
            {
                asked.OnlyIfStored = true;
                asked.Accepted = validator.Identify(routing.Request, asked.Jackpot, routing.OccurredAt);
            }
        }

        return asked.Takes ? null : IneligibleReason.BrandNotIncluded;
    }

    /// <summary>A refusal of the whole request that may not be its first answer: the key decides, when one jackpot is named.</summary>
    void Doubt(ContributionRouting routing)
    {
        if (routing is { IsFanOut: false, Refused.DependsOnState: true, Parts: [var part, ..] })
        {
            part.Refused = routing.Refused;
            part.OnlyIfStored = true;
            part.Accepted = validator.Identify(routing.Request, part.Jackpot, routing.OccurredAt);
            routing.Refused = null;
        }
        else
        {
            routing.Parts = [];
        }
    }

    async Task ReplayAsync(List<ContributionRouting> routings, CancellationToken ct)
    {
        var parts = routings.SelectMany(routing => routing.Parts).Where(part => part.OnlyIfStored).ToList();
        if (parts.Count == 0)
        {
            return;
        }

        var found = await stored.FindAsync([.. parts.Select(part => StoredName.Of(part.Accepted))], flush: true, ct);
        foreach (var part in parts)
        {
            if (found.AnswerTo(part.Accepted) is { Kind: not RecordedKind.TakenBack } answer)
            {
                part.Kind = LinkedPartKind.Takes;
                part.Refused = null;
                part.Recorded = answer;
            }
        }
    }

    /// <summary>Holds back what is over a limit and hands the rest to the batchers.</summary>
    async Task RecordAsync(List<ContributionPart> parts, CancellationToken ct)
    {
        var answers = new PendingAnswers(parts.Count);
        for (var i = 0; i < parts.Count; i++)
        {
            var (part, tenant) = (parts[i], parts[i].Accepted.TenantId);
            part.Held = limits.Judge(part.Jackpot, tenant, part.Accepted.StakeMicros, out part.Taken);
            if (part.Held != LimitVerdict.Within && await quarantine.HoldAsync(part.Accepted, part.Held, ct))
            {
                answers.Skip();
                continue;
            }

            // A key that could not be held is known to the ledger, which answers, or was released and may be recorded.
            part.Held = LimitVerdict.Within;
            if (!batchers.Of(part.Jackpot).TryAdd(part.Accepted, answers, i))
            {
                part.Refused = RefusedContribution.Overloaded;
                answers.Skip();
            }
        }

        if (parts.Count > 0)
        {
            await answers.Task;
        }

        for (var i = 0; i < parts.Count; i++)
        {
            var part = parts[i];
            part.Recorded = answers.Answers[i];
            if (part.Recorded?.Kind != RecordedKind.Accepted)
            {
                limits.GiveBack(part.Jackpot, part.Accepted.TenantId, part.Taken);
            }
        }
    }

    /// <summary>Says why a key was claimed without a contribution. Staff may have decided since the claim was found, so that decision is flushed before it is told.</summary>
    async Task ExplainAsync(List<ContributionPart> parts, CancellationToken ct)
    {
        if (parts.Count == 0)
        {
            return;
        }

        var entries = await quarantine.FindAsync([.. parts.Select(part => StoredName.Of(part.Accepted))], ct);
        await stored.FlushAsync(ct);
        foreach (var part in parts)
        {
            part.Recorded = null;
            var entry = entries.Find(entry => entry.Contribution.Key16 == part.Accepted.Key16)
                ?? entries.Find(entry => entry.Contribution.Id16 != Guid.Empty && entry.Contribution.Id16 == part.Accepted.Id16);
            part.Held = entry?.Status == QuarantineEntry.Held ? entry.Reason : LimitVerdict.Within;
            part.Refused = entry?.Status switch
            {
                QuarantineEntry.Held => null,
                QuarantineEntry.Refused => new(Refusal.OverLimit, "it was held back and then refused; nothing was stored", WireNames.Of(entry.Reason)),
                _ => RefusedContribution.Of(RecordedKind.Unavailable),
            };
        }
    }
}
