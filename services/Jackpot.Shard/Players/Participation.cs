using System.Collections.Immutable;
using Jackpot.Core.Amounts;
using Jackpot.Core.Eligibility;
using Jackpot.Core.Ids;
using Jackpot.Core.Pools;
using Jackpot.Ledger.Jackpots;
using Jackpot.Shard.Regions;

namespace Jackpot.Shard.Players;

/// <summary>What eligibility must know of a bet. Country and segments are the operator's word; nothing of this leaves the region.</summary>
internal readonly record struct BetFacts(
    string TenantId, string PlayerId, string GameId, string? Country, ImmutableArray<string> Segments, long BetMicros, string BetCurrency, BetFunding Funding = BetFunding.Cash);

/// <summary>
/// Asks <see cref="EligibilityRules"/> about a bet and a jackpot. A jackpot without terms costs one look into memory, at the player's
/// standing. Whether a jackpot is paused is not known here: the ledger knows and answers.
/// </summary>
internal sealed class Participation(PlayerStatusCache statuses, OptInCache optIns, TenantDirectory tenants, TimeProvider clock)
{
    /// <summary>The first reason against the bet, or null. <paramref name="consentMissing"/> is true when the consent must be read first.</summary>
    /// <param name="bet">The bet.</param>
    /// <param name="jackpot">The jackpot.</param>
    /// <param name="consents">Consents that were just read; null to use those that are remembered.</param>
    /// <param name="consentMissing">The answer is not known: read the consent and ask again.</param>
    public IneligibleReason? Check(in BetFacts bet, JackpotEntry jackpot, Dictionary<OptInKey, Consent>? consents, out bool consentMissing)
    {
        consentMissing = false;
        var status = statuses.Of(bet.TenantId, bet.PlayerId);
        if (status != PlayerStatus.Good)
        {
            return status == PlayerStatus.SelfExcluded ? IneligibleReason.SelfExcluded : IneligibleReason.HouseAccount;
        }

        if (TermsOf(jackpot) is not { } terms)
        {
            return EligibilityTerms.FundingsDefault.Contains(bet.Funding) ? null : IneligibleReason.FundingNotTaken;
        }

        var consent = Consent.None;
        if (terms.ConsentVersion is not null)
        {
            var key = KeyOf(bet, jackpot);
            consent = consents is not null ? consents[key] : optIns.Remembered(key);
        }

        consentMissing = consent is null;
        return consentMissing ? null : EligibilityRules.First(terms, JackpotStatus.Active, CandidateOf(bet, terms, status, consent!));
    }

    /// <summary>Every reason against the bet, for a player who asks before they play.</summary>
    public ImmutableArray<IneligibleReason> Reasons(in BetFacts bet, JackpotEntry jackpot, JackpotStatus status, Consent consent)
    {
        var terms = TermsOf(jackpot) ?? new EligibilityTerms();
        return EligibilityRules.Check(terms, status, CandidateOf(bet, terms, statuses.Of(bet.TenantId, bet.PlayerId), consent));
    }

    /// <summary>The first reason against a winner whom a game names, or null. Checked like a bet, but there is no stake that could be too large or small, or of the wrong money.</summary>
    public IneligibleReason? CheckWinner(in BetFacts winner, JackpotEntry jackpot, Consent consent)
    {
        var terms = (jackpot.Terms.Eligibility ?? new EligibilityTerms()) with { Bands = [], Fundings = [winner.Funding] };
        return EligibilityRules.First(terms, JackpotStatus.Active, CandidateOf(winner, terms, statuses.Of(winner.TenantId, winner.PlayerId), consent));
    }

    /// <summary>The jackpot's terms with a band in every currency that has a rate, or null when it has none.</summary>
    public EligibilityTerms? TermsOf(JackpotEntry jackpot) =>
        jackpot.Terms.Eligibility is null ? null : jackpot.Terms.WithBands(tenants.RatesTo);

    public static OptInKey KeyOf(in BetFacts bet, JackpotEntry jackpot) => new(bet.TenantId, bet.PlayerId, jackpot.Number);

    // An event begins and ends by our clock: what a caller says about when a bet was made must not open a jackpot that has ended.
    Candidate CandidateOf(in BetFacts bet, EligibilityTerms terms, PlayerStatus status, Consent consent) => new(
        status,
        terms.Owner is null ? default : PlayerHash.Of(bet.TenantId, bet.PlayerId),
        TenantId.Parse(bet.TenantId), bet.Country ?? "", GameId.Parse(bet.GameId), bet.Segments, consent.ConsentVersion,
        new Money(bet.BetMicros, Currency.Parse(bet.BetCurrency)), clock.GetUtcNow().ToUnixTimeMilliseconds(), bet.Funding);
}
