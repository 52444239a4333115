using System.Collections.Immutable;
using Jackpot.Core.Ledger;
using Jackpot.Core.Pools;

namespace Jackpot.Core.Voids;

/// <summary>Takes contributions back, wholly or by a part of the bet.</summary>
/// <remarks>
/// A draw that was made for the bet stays made, and so do tickets that it bought: a void gives nobody a second try, and the limit keeps
/// voids after a lost draw few. A bet and its void together leave every balance as it was, where no drop lies between them.
/// </remarks>
public static class VoidRules
{
    /// <summary>Decides over voids in their order. Several of one bet may be among them.</summary>
    /// <param name="inForce">The terms in force, pools in the order of the state's.</param>
    /// <param name="state">The jackpot as it was last committed.</param>
    /// <param name="orders">What is to be taken back.</param>
    /// <exception cref="ArgumentException">A bet is not of this jackpot, or more was voided of it than there was.</exception>
    public static VoidDecision Decide(JackpotConfig inForce, JackpotState state, IReadOnlyList<VoidOrder> orders)
    {
        if (inForce.Id != state.Id)
        {
            throw new ArgumentException($"The configuration of jackpot {inForce.Id} does not describe jackpot {state.Id}.", nameof(inForce));
        }

        var step = new VoidStep(inForce, state);
        var parts = ImmutableArray.CreateBuilder<VoidedPart>(orders.Count);
        foreach (var order in orders)
        {
            parts.Add(step.Take(order));
        }

        return step.Decided(parts.MoveToImmutable());
    }

    sealed class VoidStep(JackpotConfig inForce, JackpotState state)
    {
        readonly Journal _journal = new();
        readonly Dictionary<long, long> _voidedBet = [];
        readonly PoolState[] _pools = [.. state.Pools];

        public VoidedPart Take(VoidOrder order)
        {
            var bet = order.Bet;
            CheckBet(bet);
            var before = _voidedBet.GetValueOrDefault(bet.Sequence, bet.VoidedBetMicros);
            var left = bet.BetMicros - before;
            var wanted = order.BetMicros ?? left;
            var answer = Check(order, left, wanted);
            if (answer != VoidAnswer.Voided)
            {
                return new VoidedPart(answer, 0, 0, 0, 0);
            }

            _voidedBet[bet.Sequence] = before + wanted;
            var stakeBefore = StakeParts.ShareOf(bet.StakeMicros, bet.BetMicros, 0, before);
            var stake = StakeParts.ShareOf(bet.StakeMicros, bet.BetMicros, before, wanted);
            var (fromPools, carried) = TakeStake(bet, stakeBefore, stake, order.Road);
            return new VoidedPart(VoidAnswer.Voided, wanted, stake, fromPools, carried);
        }

        public VoidDecision Decided(ImmutableArray<VoidedPart> parts) => parts.Any(part => part.Answer == VoidAnswer.Voided)
            ? new VoidDecision(state with { Version = state.Version + 1, Pools = [.. _pools] }, parts, _journal.Balanced())
            : new VoidDecision(state, parts, []);

        VoidAnswer Check(VoidOrder order, long left, long wanted) => order switch
        {
            _ when state.Status == JackpotStatus.Paused => VoidAnswer.JackpotPaused,
            _ when left <= 0 => VoidAnswer.NothingLeft,
            _ when wanted <= 0 => VoidAnswer.AmountNotPositive,
            _ when wanted > left => VoidAnswer.MoreThanIsLeft,
            _ => VoidAnswer.Voided,
        };

        (long FromPools, long Carried) TakeStake(VoidableBet bet, long stakeBefore, long stake, VoidRoad road)
        {
            long fromPools = 0, carried = 0;
            var payer = bet.Terms.IsPaidByHouse(bet.Funding) ? Account.House : Account.PlayerContributions;
            for (var tier = 0; tier < bet.Terms.Pools.Length; tier++)
            {
                var parts = StakeParts.Of(bet.Terms, tier, bet.StakeMicros).Share(bet.StakeMicros, stakeBefore, stake);
                if (road == VoidRoad.Pools && StillPlays(_pools[tier], bet.Sequence))
                {
                    (_pools[tier], var missing) = PoolVoid.Take(inForce.Pools[tier], _pools[tier], parts, payer, _journal);
                    fromPools += parts.TotalMicros - missing;
                    carried += missing;
                }
                else
                {
                    PoolVoid.Carry(_pools[tier], parts.TotalMicros, payer, _journal);
                    carried += parts.TotalMicros;
                }
            }

            return (fromPools, carried);
        }

        void CheckBet(VoidableBet bet)
        {
            if (bet.Sequence < 1 || bet.Sequence > state.Sequence || bet.Terms.Id != state.Id || !bet.Terms.Pools.Select(pool => pool.Id).SequenceEqual(state.Pools.Select(pool => pool.Id)))
            {
                throw new ArgumentException($"Contribution {bet.Sequence} is not one of jackpot {state.Id}.", nameof(bet));
            }

            if (bet.VoidedBetMicros < 0 || bet.VoidedBetMicros > bet.BetMicros)
            {
                throw new ArgumentException($"Of the bet of contribution {bet.Sequence}, {bet.VoidedBetMicros} of {bet.BetMicros} micro-units are said to be voided.", nameof(bet));
            }
        }
    }

    /// <summary>Whether the cycle that the contribution went into has not dropped yet.</summary>
    internal static bool StillPlays(PoolState pool, long sequence) => pool.Status == PoolStatus.Open && sequence > pool.OpenedAfterSequence;
}
