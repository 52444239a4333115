using Jackpot.Core.Limits;
using Jackpot.Core.Links;
using Jackpot.Ledger.Contributions;
using Jackpot.Ledger.Jackpots;
using Jackpot.Shard.Quarantine;

namespace Jackpot.Shard.Contributions;

/// <summary>A contribution as it came in, and whose it is.</summary>
internal readonly record struct Incoming(ContributionRequest Request, string TenantId);

/// <summary>One request on its way through the <see cref="SlowPath"/>, and its outcome at the end.</summary>
internal sealed class ContributionRouting(ContributionRequest request, string tenantId)
{
    public ContributionRequest Request => request;

    public string TenantId => tenantId;

    public DateTimeOffset OccurredAt;

    /// <summary>Why the whole request is refused; null when its parts have answers of their own.</summary>
    public RefusedContribution? Refused;

    /// <summary>Whether the answer is a list: the request may reach several jackpots. Otherwise there is one part, or a refusal.</summary>
    public bool IsFanOut;

    public List<ContributionPart> Parts = [];

    public ContributionPart? Single => IsFanOut || Parts.Count == 0 ? null : Parts[0];

    public Guid Key16 => ContributionHash.Key(request.TenantId!, request.IdempotencyKey!);

    public Guid Id16 => ContributionHash.Id(request);

    public string ContributionId => request.ContributionId ?? "";
}

/// <summary>What a request does to one jackpot.</summary>
internal sealed class ContributionPart(JackpotEntry jackpot)
{
    public JackpotEntry Jackpot => jackpot;

    public LinkedPartKind Kind;
    public RefusedContribution? Refused;
    public AcceptedContribution Accepted;

    /// <summary>Only what is stored under the key can be the answer, before the refusal is.</summary>
    public bool OnlyIfStored;

    /// <summary>Why it is held back; within the limits when it is not.</summary>
    public LimitVerdict Held;

    /// <summary>What it has used of its tenant's rate; given back unless this records it.</summary>
    public TakenRate Taken;

    public RecordedContribution? Recorded;

    /// <summary>Why it is not recorded, as the endpoint or the ledger says; null when it is, or is held.</summary>
    public RefusedContribution? Refusal => Refused ?? (Recorded is { } recorded ? RefusedContribution.Of(recorded.Kind) : null);

    public bool Takes => Kind == LinkedPartKind.Takes;
}
