using Jackpot.Core.Ledger;

namespace Jackpot.Core.Pools;

/// <summary>The exact balance of a pool over any stretch of its ledger: closing = opening + contributions + house seeded - awarded + transfers (R51).</summary>
/// <remarks>Sums over a pool's whole life: they may be larger than any amount.</remarks>
public readonly record struct MoneyEquation(
    Int128 OpeningMicros,
    Int128 ContributionsMicros,
    Int128 HouseSeededMicros,
    Int128 AwardedMicros,
    Int128 TransfersMicros,
    Int128 ClosingMicros)
{
    /// <summary>What is there but should not be (positive), or should be but is not (negative). One micro-unit is an incident.</summary>
    public Int128 DifferenceMicros =>
        ClosingMicros - (OpeningMicros + ContributionsMicros + HouseSeededMicros - AwardedMicros + TransfersMicros);

    public bool Holds => DifferenceMicros == 0;

    /// <summary>Puts two states of one pool and the entries between them side by side; entries of other pools are passed over.</summary>
    public static MoneyEquation Of(PoolState opening, PoolState closing, IEnumerable<LedgerEntry> entries)
    {
        var equation = new MoneyEquation(opening.TotalMicros, 0, 0, 0, 0, closing.TotalMicros);
        return entries.Where(entry => entry.Pool == opening.Id).Aggregate(equation, (sum, entry) => sum.With(entry));
    }

    // Outside accounts are told from their own side: what leaves them has come to the pool.
    MoneyEquation With(LedgerEntry entry) => entry.Account switch
    {
        Account.PlayerContributions => this with { ContributionsMicros = ContributionsMicros - entry.Micros },
        Account.House => this with { HouseSeededMicros = HouseSeededMicros - entry.Micros },
        Account.AwardsPayable => this with { AwardedMicros = AwardedMicros + entry.Micros },
        Account.Transfer => this with { TransfersMicros = TransfersMicros - entry.Micros },
        Account.PoolIncrement or Account.PoolSeed or Account.Reserve or Account.Overflow => this,
        _ => throw new InvalidOperationException($"Account {entry.Account} has no place in the money equation."),
    };
}
