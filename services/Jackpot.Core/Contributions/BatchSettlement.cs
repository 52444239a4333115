using System.Collections.Immutable;
using Jackpot.Core.Amounts;
using Jackpot.Core.Ledger;
using Jackpot.Core.Pools;

namespace Jackpot.Core.Contributions;

/// <summary>Turns what the accumulators have counted into balances, ledger entries and awards.</summary>
sealed class BatchSettlement(JackpotConfig config, long lastSequence)
{
    readonly Account _payer = config.Funding == FundingMode.Marketing ? Account.House : Account.PlayerContributions;
    readonly Journal _journal = new();
    readonly ImmutableArray<Drop>.Builder _drops = ImmutableArray.CreateBuilder<Drop>();

    public ImmutableArray<Drop> Drops => _drops.ToImmutable();

    public ImmutableArray<LedgerEntry> Ledger => _journal.Balanced();

    public PoolState Settle(PoolAccumulator accumulator)
    {
        var pool = Contribute(accumulator.Opening, accumulator.Added, accumulator.PaidByHouse) with { TicketsSold = accumulator.Opening.TicketsSold + accumulator.Tickets };
        return accumulator.Evidence is null ? pool : Award(pool, accumulator.Evidence);
    }

    /// <summary>Ends a pool's cycle with an award of everything that can be paid.</summary>
    /// <remarks>The seed leaves as a whole; what cannot be paid in minor units stays where players put it (R05).</remarks>
    public PoolState Award(PoolState pool, DropEvidence evidence)
    {
        var award = new Money(pool.AmountMicros, config.Currency).FloorToMinorUnits().Micros;
        var remainder = pool.AmountMicros - award;
        if (award <= 0 || remainder > pool.IncrementMicros)
        {
            throw new InvalidOperationException($"Pool {pool.Id} holds {pool.AmountMicros} micro-units, of which {award} would be awarded: its terms were never valid.");
        }

        _journal.Move(pool.Id, Account.PoolSeed, Account.AwardsPayable, pool.SeedMicros);
        _journal.Move(pool.Id, Account.PoolIncrement, Account.AwardsPayable, pool.IncrementMicros - remainder);
        _drops.Add(new Drop(pool.Id, pool.Cycle, lastSequence, award, remainder, evidence));
        return pool with { Status = PoolStatus.Dropped, IncrementMicros = remainder, SeedMicros = 0, LastAwardMicros = award };
    }

    PoolState Contribute(PoolState pool, ContributionSplit added, ContributionSplit byHouse)
    {
        Pay(pool, _payer, new ContributionSplit(
            added.ToPoolsMicros - byHouse.ToPoolsMicros, added.ToReserveMicros - byHouse.ToReserveMicros, added.ToOverflowMicros - byHouse.ToOverflowMicros));
        Pay(pool, Account.House, byHouse);
        return pool with
        {
            IncrementMicros = pool.IncrementMicros + added.ToPoolsMicros,
            ReserveMicros = pool.ReserveMicros + added.ToReserveMicros,
            OverflowMicros = pool.OverflowMicros + added.ToOverflowMicros,
        };
    }

    void Pay(PoolState pool, Account payer, ContributionSplit part)
    {
        _journal.Move(pool.Id, payer, Account.PoolIncrement, part.ToPoolsMicros);
        _journal.Move(pool.Id, payer, Account.Reserve, part.ToReserveMicros);
        _journal.Move(pool.Id, payer, Account.Overflow, part.ToOverflowMicros);
    }
}
