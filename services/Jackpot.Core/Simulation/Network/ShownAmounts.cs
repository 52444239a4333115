using Jackpot.Core.Network;

namespace Jackpot.Core.Simulation.Network;

/// <summary>What the players of one shard saw, which must be possible: never above a ceiling, never an earlier cycle, never less in one cycle.</summary>
sealed class ShownAmounts(NetworkWorld world, int number)
{
    (long Cycle, long Micros)[]? _before;

    /// <summary>A new process begins with what it reads.</summary>
    public void Forget() => _before = null;

    public void Check(FeederState feeder)
    {
        if (feeder.Home is not { } home)
        {
            return;
        }

        var now = home.Pools.Select((pool, tier) => (pool.Cycle, feeder.ShownMicros(NetworkPlan.Terms, tier)!.Value)).ToArray();
        for (var tier = 0; tier < now.Length; tier++)
        {
            Check(tier, _before?[tier] ?? (0, 0), now[tier]);
        }

        _before = now;
    }

    void Check(int tier, (long Cycle, long Micros) before, (long Cycle, long Micros) now)
    {
        if (now.Micros > NetworkPlan.Terms.Pools[tier].EffectiveCeilingMicros)
        {
            world.Violate($"shard {number} shows {now.Micros} above the ceiling");
        }

        if (now.Cycle < before.Cycle)
        {
            world.Violate($"shard {number} shows cycle {now.Cycle} after {before.Cycle}");
        }

        if (now.Cycle == before.Cycle && now.Micros < before.Micros && !world.TakesBack)
        {
            world.Violate($"shard {number} shows {now.Micros} after {before.Micros} in one cycle");
        }
    }
}
