using Jackpot.Core.Pools;

namespace Jackpot.Core.Contributions;

/// <summary>The entry to <see cref="JackpotRules.Record"/>: what fails here is a bug of the caller, never a player's fault.</summary>
static class BatchGuard
{
    public static void Check(JackpotConfig config, JackpotState state, ReadOnlySpan<Stake> stakes, int secrets, int amounts, int splits)
    {
        CheckPools(config, state);
        var pools = config.Pools.Length;
        if (secrets != pools || amounts < stakes.Length * pools || splits < stakes.Length)
        {
            throw new ArgumentException(
                $"{stakes.Length} stakes on {pools} pools need {pools} secrets, {stakes.Length * pools} amounts and {stakes.Length} splits; "
                + $"there are {secrets}, {amounts} and {splits}.");
        }

        foreach (var stake in stakes)
        {
            if (stake.StakeMicros is < 0 or > JackpotRules.StakeMicrosMax)
            {
                throw new ArgumentException($"A stake of {stake.StakeMicros} micro-units is outside 0 to {JackpotRules.StakeMicrosMax}.");
            }
        }
    }

    public static void CheckInstant(JackpotConfig config, long decidedAtUnixMs)
    {
        if (decidedAtUnixMs <= 0 && config.Pools.Any(pool => pool.Trigger is MustDropByTime))
        {
            throw new ArgumentException($"Jackpot {config.Id} has a timed pool; the instant of the decision must be given.");
        }
    }

    static void CheckPools(JackpotConfig config, JackpotState state)
    {
        if (state.Status != JackpotStatus.Active)
        {
            throw new InvalidOperationException($"Jackpot {state.Id} is {state.Status}; only an active one records contributions.");
        }

        if (config.Id != state.Id || !config.Pools.Select(pool => pool.Id).SequenceEqual(state.Pools.Select(pool => pool.Id)))
        {
            throw new ArgumentException($"The configuration of jackpot {config.Id} does not describe the pools of jackpot {state.Id}.");
        }

        foreach (var pool in state.Pools)
        {
            if (pool.Status != PoolStatus.Open)
            {
                throw new InvalidOperationException($"Pool {pool.Id} is {pool.Status}; its next cycle must be opened first.");
            }
        }
    }
}
