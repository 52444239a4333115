using Jackpot.Ledger.Contributions;
using Jackpot.Ledger.Dedupe;

namespace Jackpot.Ledger.Voids;

/// <summary>What voids that came before their bet leave of it: it is recorded as the smaller bet that it is by now, or as one of nothing.</summary>
internal static class EarlyVoids
{
    /// <summary>
    /// The voids' amounts are taken off in the order in which they came; what exceeds the bet, or is in another currency than it, takes back nothing.
    /// The stake shrinks in the same proportion, rounded down.
    /// </summary>
    public static AcceptedContribution Reduce(in AcceptedContribution bet, ILookup<Guid, EarlyVoid> waiting)
    {
        var left = bet.BetMicros;
        var met = new List<WaitingVoids>();
        foreach (var target in new[] { bet.Key16, bet.Id16 }.Distinct().Where(waiting.Contains))
        {
            met.Add(new WaitingVoids(target, waiting[target].Count()));
            foreach (var early in waiting[target])
            {
                var wanted = early.BetMicros is null ? left : early.Currency == bet.BetCurrency ? early.BetMicros.Value : 0;
                left -= wanted <= left ? wanted : 0;
            }
        }

        return bet with
        {
            BetMicros = left,
            StakeMicros = bet.BetMicros == 0 ? 0 : (long)((Int128)bet.StakeMicros * left / bet.BetMicros),
            Waiting = met.Count == 0 ? null : [.. met],
        };
    }
}
