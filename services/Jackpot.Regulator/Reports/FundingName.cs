using Jackpot.Core.Eligibility;
using Jackpot.Core.Pools;
using Jackpot.Ledger.Texts;

namespace Jackpot.Regulator.Reports;

/// <summary>The stored number of a funding as its word, in SQL.</summary>
internal static class FundingName
{
    static readonly string Cases = string.Join(' ', Enum.GetValues<BetFunding>().Select(funding => $"WHEN {(byte)funding} THEN '{WireNames.Of(funding)}'"));

    public static string Of(string column) => $"CASE {column} {Cases} END";
}
