using System.Collections.Immutable;
using Jackpot.Core.Pools;

namespace Jackpot.Core.Disclosure;

/// <summary>What bets of which money do, in sentences.</summary>
static class MoneyWireNames
{
    public static ImmutableArray<string> Of(JackpotConfig config) =>
    [
        .. config.FeedsOnly.Select(funding => $"Bets made with {Name(funding)} feed the jackpot, where they take part, and cannot win it."),
        .. config.PaidByHouse.Select(funding => $"What bets made with {Name(funding)} give to the jackpot is paid by the operator."),
    ];

    public static string Name(BetFunding funding) => funding switch
    {
        BetFunding.Cash => "cash",
        BetFunding.Bonus => "bonus money",
        BetFunding.FreeRound => "free rounds",
        _ => throw new InvalidOperationException($"Funding {funding} has no name."),
    };
}
