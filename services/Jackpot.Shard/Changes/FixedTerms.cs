using System.Globalization;
using Jackpot.Contracts.Jackpots;
using Jackpot.Core.Pools;
using Jackpot.Ledger.Texts;

namespace Jackpot.Shard.Changes;

/// <summary>What makes a jackpot this jackpot. It never changes; money moves to another one by transfer instead.</summary>
internal static class FixedTerms
{
    /// <summary>A sentence for every fixed term that differs; empty when the one can become the other.</summary>
    public static List<string> Differences(JackpotDefinition before, JackpotDefinition after) =>
    [
        .. Differs("jackpot_id", before.JackpotId, after.JackpotId),
        .. Differs("shard", before.Shard, after.Shard),
        .. Differs("currency", before.Currency, after.Currency),
        .. Differs("funding", Funding(before), Funding(after)),
        .. Differs("tiers_per_bet_max", TiersPerBetMax(before), TiersPerBetMax(after)),
        .. Differs("eligibility.bet_funding_wins", Wins(before), Wins(after)),
        .. Differs("eligibility.free_rounds_paid_by", Payer(before), Payer(after)),
        .. Differs("the pools", Pools(before), Pools(after)),
    ];

    static IEnumerable<string> Differs(string field, string before, string after) =>
        before == after ? [] : [$"{field} is {before} and cannot become {after}."];

    static string Funding(JackpotDefinition definition) => (definition.Funding ?? FundingMode.PartOfStake).ToString();

    static string Wins(JackpotDefinition definition) =>
        definition.Eligibility?.BetFundingWins is { } wins ? string.Join(" and ", wins.Order().Select(WireNames.Of)) : "all that feeds";

    static string Payer(JackpotDefinition definition) => WireNames.Of(definition.Eligibility?.FreeRoundsPaidBy ?? ContributionPayer.Player);

    static string TiersPerBetMax(JackpotDefinition definition) => (definition.TiersPerBetMax ?? JackpotConfig.PoolsMax).ToString(CultureInfo.InvariantCulture);

    static string Pools(JackpotDefinition definition) => string.Join(", ", definition.Pools.Select(pool => pool.PoolId));
}
