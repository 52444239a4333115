using Jackpot.Core.Amounts;
using Jackpot.Core.Pools;

namespace Jackpot.Core.Contributions;

/// <summary>One pool while a batch is decided: made once per batch, so that a stake costs no allocation.</summary>
sealed class PoolAccumulator(PoolConfig config, PoolState opening, TriggerEvaluator trigger)
{
    readonly PartsPerMillion _contributionRate = config.ContributionRate;
    readonly PartsPerMillion _reserveRate = config.ReserveRate;
    readonly long _ceilingMicros = config.EffectiveCeilingMicros;

    // Without a raffle, a ticket costs more than any stake.
    readonly long _ticketPriceMicros = config.Trigger is RaffleTrigger raffle ? raffle.TicketPriceMicros : long.MaxValue;
    readonly long _leastStakeMicros = config.Trigger is RandomTrigger ? 0 : PoolRules.LeastStakeMicros(config, opening.RulesVersion);
    long _toPoolMicros;
    long _toReserveMicros;
    long _toOverflowMicros;

    public PoolState Opening => opening;

    /// <summary>What the pool shows now.</summary>
    public long AmountMicros { get; private set; } = opening.AmountMicros;

    /// <summary>Why the pool has dropped, or null while it has not.</summary>
    public DropEvidence? Evidence { get; private set; }

    /// <summary>Raffle tickets that the batch has bought.</summary>
    public long Tickets { get; private set; }

    /// <summary>All that the batch has put into this pool so far.</summary>
    public ContributionSplit Added => new(_toPoolMicros, _toReserveMicros, _toOverflowMicros);

    /// <summary>What of it the house pays, because of the money that bets were made with.</summary>
    public ContributionSplit PaidByHouse { get; private set; }

    /// <summary>Takes this pool's parts of a stake: the increment up to the ceiling, what is above it to the overflow (R06), and the reserve.</summary>
    public ContributionSplit Add(long stakeMicros)
    {
        var increment = _contributionRate.FloorOf(stakeMicros);
        var toPool = Math.Min(increment, Math.Max(_ceilingMicros - AmountMicros, 0));
        var split = new ContributionSplit(toPool, _reserveRate.FloorOf(stakeMicros), increment - toPool);
        AmountMicros += toPool;
        _toPoolMicros += split.ToPoolsMicros;
        _toReserveMicros += split.ToReserveMicros;
        _toOverflowMicros += split.ToOverflowMicros;
        return split;
    }

    /// <summary>Raffle tickets for a stake that may win; none for nothing.</summary>
    public void SellTickets(long stakeMicros) => Tickets += stakeMicros >= _leastStakeMicros ? stakeMicros / _ticketPriceMicros : 0;

    /// <summary>Of what was added, a part that the house pays.</summary>
    public void NotePaidByHouse(ContributionSplit part) => PaidByHouse = new ContributionSplit(
        PaidByHouse.ToPoolsMicros + part.ToPoolsMicros, PaidByHouse.ToReserveMicros + part.ToReserveMicros, PaidByHouse.ToOverflowMicros + part.ToOverflowMicros);

    /// <summary>Takes the few micro-units that rounding down in every pool has left over.</summary>
    public void AddToReserve(long micros) => _toReserveMicros += micros;

    /// <summary>Lets the pool go on although its trigger fired: the same bet has won what it may win.</summary>
    public void Withhold() => Evidence = null;

    /// <summary>Asks the trigger, after the stake's own part was added. A stake of which this pool gets nothing leaves the drop to the next one.</summary>
    public bool Drops(long stakeMicros, long sequence)
    {
        Evidence = stakeMicros >= _leastStakeMicros ? trigger.Decide(stakeMicros, sequence, AmountMicros) : null;
        return Evidence is not null;
    }
}
