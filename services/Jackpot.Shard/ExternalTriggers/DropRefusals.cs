using Jackpot.Core.Contributions;
using Jackpot.Core.Pools;
using Jackpot.Shard.Problems;

namespace Jackpot.Shard.ExternalTriggers;

/// <summary>Core's reasons not to drop a pool, as problems.</summary>
internal static class DropRefusals
{
    /// <summary>Null when it dropped.</summary>
    public static DropOutcome.Refused? Of(ExternalDropAnswer answer, JackpotStatus status) => answer switch
    {
        ExternalDropAnswer.Dropped => null,
        ExternalDropAnswer.JackpotNotActive when status == JackpotStatus.Decommissioned => new(Refusal.JackpotOver, "it pays nothing any more"),
        ExternalDropAnswer.JackpotNotActive => new(Refusal.JackpotPaused, "nothing was dropped; the amount stays as it is until the jackpot is resumed"),
        ExternalDropAnswer.PoolUnknown => new(Refusal.PoolUnknown, "no pool of that id is open to this caller"),
        ExternalDropAnswer.PoolNotOpen => new(Refusal.PoolNotOpen, "the cycle of this pool has ended and the next one has not begun; ask again later"),
        ExternalDropAnswer.PoolDropsOtherwise => new(Refusal.PoolDropsOtherwise, "only an external pool drops by a trigger, and only a raffle by a draw; this one drops otherwise"),
        ExternalDropAnswer.NoTicketsSold => new(Refusal.NoTicketsSold, "nobody has bought a ticket in this cycle; ask again when somebody has"),
        ExternalDropAnswer.NothingToPay => new(Refusal.NothingToPay, "the pool holds less than can be paid; ask again when it has grown"),
        _ => throw new ArgumentOutOfRangeException(nameof(answer), answer, "There is no such answer."),
    };
}
