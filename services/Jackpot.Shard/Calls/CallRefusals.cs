using Jackpot.Core.Contributions;
using Jackpot.Core.Pools;
using Jackpot.Shard.Problems;

namespace Jackpot.Shard.Calls;

/// <summary>Core's reasons not to drop a pool, as problems.</summary>
internal static class CallRefusals
{
    /// <summary>Null when it dropped.</summary>
    public static CallOutcome.Refused? Of(CalledDropAnswer answer, JackpotStatus status) => answer switch
    {
        CalledDropAnswer.Dropped => null,
        CalledDropAnswer.JackpotNotActive when status == JackpotStatus.Decommissioned => new(Refusal.JackpotOver, "it pays nothing any more"),
        CalledDropAnswer.JackpotNotActive => new(Refusal.JackpotPaused, "nothing was dropped; the amount stays as it is until the jackpot is resumed"),
        CalledDropAnswer.PoolUnknown => new(Refusal.PoolUnknown, "no pool of that id is open to this caller"),
        CalledDropAnswer.PoolNotOpen => new(Refusal.PoolNotOpen, "the cycle of this pool has ended and the next one has not begun; ask again later"),
        CalledDropAnswer.PoolIsNotCalled => new(Refusal.PoolNotCalled, "only an external pool drops by a trigger, and only a raffle by a draw; this one drops otherwise"),
        CalledDropAnswer.NoTicketsSold => new(Refusal.NoTicketsSold, "nobody has bought a ticket in this cycle; ask again when somebody has"),
        CalledDropAnswer.NothingToPay => new(Refusal.NothingToPay, "the pool holds less than can be paid; ask again when it has grown"),
        _ => throw new ArgumentOutOfRangeException(nameof(answer), answer, "There is no such answer."),
    };
}
