using Jackpot.Core.Eligibility;
using Jackpot.Ledger.Contributions;
using Jackpot.Ledger.Texts;
using Jackpot.Shard.Problems;

namespace Jackpot.Shard.Contributions;

/// <summary>Why one contribution is not recorded. <paramref name="Detail"/> goes to the caller; <paramref name="Reason"/> says more than the type where that is not enough.</summary>
internal sealed record RefusedContribution(Refusal Refusal, string Detail, string? Reason = null)
{
    /// <summary>Not a refusal: the validator cannot answer from memory. See <see cref="SlowPath"/>.</summary>
    public static readonly RefusedContribution SlowPath = new(Refusal.None, "");

    public static readonly RefusedContribution Overloaded = new(Refusal.Overloaded, "the queue of this jackpot is full; nothing was stored");

    public static readonly RefusedContribution KeyReused = new(Refusal.KeyReused, "the first request with this key said something else; use a new key for a new contribution");

    public static readonly RefusedContribution IdReused = new(
        Refusal.ContributionIdReused, "the first contribution of this jp_contrib_id said something else; send what it said, or a new jp_contrib_id for a new contribution");

    static readonly RefusedContribution[] ByReason = [.. Enum.GetValues<IneligibleReason>().Select(reason =>
        new RefusedContribution(Refusal.NotEligible, $"this bet does not take part: {WireNames.Of(reason)}; ask POST /v1/jp/candidates before", WireNames.Of(reason)))];

    /// <summary>
    /// Whether the answer may have been another one when the request was first sent: terms, standing, rates, tenants and the clock move. Then
    /// the key is looked up before the refusal is given, for a recorded contribution keeps its first answer.
    /// </summary>
    public bool DependsOnState => Refusal is Refusal.NotEligible or Refusal.ContributionMismatch or Refusal.CurrencyWithoutRate
        or Refusal.OccurredAtOutsideWindow or Refusal.PoolUnknown;

    /// <summary>Whether the same request can succeed later, without anybody doing anything.</summary>
    public bool IsPassing => Problem.For(Refusal).Status == StatusCodes.Status503ServiceUnavailable;

    public static RefusedContribution NotEligible(IneligibleReason reason) => ByReason[(int)reason];

    /// <summary>Why what the ledger answered is a refusal, or null when it is not.</summary>
    public static RefusedContribution? Of(RecordedKind kind) => kind switch
    {
        RecordedKind.Accepted or RecordedKind.Duplicate => null,
        RecordedKind.KeyReused => KeyReused,
        RecordedKind.IdReused => IdReused,
        RecordedKind.Paused => new(Refusal.JackpotPaused, "nothing was stored; the amount stays as it is until the jackpot is resumed"),
        _ => new(Refusal.Unavailable, "the contribution may or may not be stored; ask again with the same key and body"),
    };
}
