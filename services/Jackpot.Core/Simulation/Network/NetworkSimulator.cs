using Jackpot.Core.Ids;
using Jackpot.Core.Network;

namespace Jackpot.Core.Simulation.Network;

/// <summary>
/// Plays a network jackpot through the rules of production in virtual time: messages are lost, repeated, late and out of order, links are cut,
/// processes die, databases go back to a backup, the home moves, clocks are a minute off. Then all heals, and everything must agree.
/// </summary>
public static class NetworkSimulator
{
    const int BetsMin = 40;
    const int BetsMore = 80;
    const int RetryMs = 700;
    const int DownMsMax = 5_000;
    const int CutMsMax = 25_000;
    const int MoveMsMax = 4_000;

    /// <summary>One run; the same bits give the same run.</summary>
    public static NetworkReport Run(NetworkPlan plan, Func<ulong> bits)
    {
        var world = new NetworkWorld(plan, bits);
        var bets = new List<Bet>();
        foreach (var shard in world.Shards)
        {
            shard.Start();
        }

        PlanBets(world, bets);
        PlanFaults(world, bets);
        world.Time.RunUntil(NetworkPlan.TroubleMs);
        Heal(world);
        world.Time.RunUntil(NetworkPlan.TroubleMs + NetworkPlan.HealingMsMax, () => NetworkCheck.HasSettled(world, bets));
        NetworkCheck.Check(world, bets);
        return world.Report();
    }

    static void PlanBets(NetworkWorld world, List<Bet> bets)
    {
        var count = BetsMin + world.Chances.Below(BetsMore);
        for (var key = 1; key <= count; key++)
        {
            var voided = world.TakesBack && bets.Count > 0 && world.Chances.OneIn(6) ? world.Chances.Any(bets) : null;
            var isVoid = voided is { VoidsKey: null } && bets.TrueForAll(bet => bet.VoidsKey != voided.Key);
            var bet = isVoid
                ? new Bet(key, voided!.Shard, voided.StakeMicros, voided.Key)
                : new Bet(key, world.Chances.Below(world.Shards.Length), world.Chances.Any(NetworkPlan.StakesMicros), null);
            bets.Add(bet);
            world.Time.After(world.Chances.Below((int)NetworkPlan.TroubleMs), () => Send(world, bet));
        }
    }

    // Operators send until they are answered.
    static void Send(NetworkWorld world, Bet bet)
    {
        if (!bet.IsAnswered)
        {
            world.Shards[bet.Shard].Take(bet);
            world.Time.After(RetryMs, () => Send(world, bet));
        }
    }

    static void PlanFaults(NetworkWorld world, List<Bet> bets)
    {
        var chances = world.Chances;
        for (var cuts = chances.Below(4); cuts > 0; cuts--)
        {
            var (one, other) = chances.Any([(0, 1), (0, 2), (1, 2)]);
            At(world, () => Cut(world, one, other));
        }

        for (var crashes = chances.Below(5); crashes > 0; crashes--)
        {
            var shard = chances.Below(world.Shards.Length);
            At(world, () => Crash(world, shard));
        }

        if (world.TakesBack && chances.Below(4) > 0)
        {
            PlanRestores(world, bets, 1 + chances.Below(world.Shards.Length - 1));
        }

        if (chances.OneIn(3))
        {
            At(world, () => Move(world, 1 + chances.Below(world.Shards.Length - 1)));
        }
    }

    static void At(NetworkWorld world, Action what) => world.Time.After(world.Chances.Below((int)NetworkPlan.TroubleMs), what);

    static void Cut(NetworkWorld world, int one, int other)
    {
        world.Cut(one, other, isCut: true);
        world.Time.After(world.Chances.Below(CutMsMax), () => world.Cut(one, other, isCut: false));
    }

    static void Crash(NetworkWorld world, int number)
    {
        var shard = world.Shards[number];
        if (shard.IsUp)
        {
            world.Count(NetworkEvent.ShardCrashed);
            shard.Crash();
            world.Time.After(world.Chances.Below(DownMsMax), shard.Start);
        }
    }

    // Twice at most, and possibly to the same backup: then the second life knows nothing of the first.
    static void PlanRestores(NetworkWorld world, List<Bet> bets, int number)
    {
        var backedUpAtMs = world.Chances.Below((int)NetworkPlan.TroubleMs / 2);
        var epoch = 1;
        world.Time.After(backedUpAtMs, () =>
        {
            var backup = world.Shards[number].Rows.Backup();
            for (var restores = 1 + world.Chances.Below(2); restores > 0; restores--)
            {
                var next = ++epoch;
                world.Time.After(next * world.Chances.Below((int)NetworkPlan.TroubleMs / 6), () => Restore(world, bets, number, backup.Backup(), next));
            }
        });
    }

    static void Restore(NetworkWorld world, List<Bet> bets, int number, ShardRows backup, int epoch)
    {
        var shard = world.Shards[number];
        if (!shard.IsUp || shard.Home is not null || shard.Rows.Feeder.Epoch.Number >= epoch)
        {
            return;
        }

        world.Count(NetworkEvent.ShardRestored);
        shard.Crash();
        shard.Restore(backup, epoch);
        shard.Start();
        foreach (var bet in bets.Where(bet => bet.Shard == number && bet.IsAnswered))
        {
            bet.IsAnswered = false;
            Send(world, bet);
        }
    }

    // The old home is fenced in a commit of its own; what it handed over lies safe until the new one takes it up.
    static void Move(NetworkWorld world, int to)
    {
        if (world.HomeShard is not { IsUp: true, Home: { } rows } from || from == world.Shards[to])
        {
            return;
        }

        world.Count(NetworkEvent.HomeMoved);
        from.Home = null;
        Enter(world, to, rows);
    }

    static void Enter(NetworkWorld world, int to, HomeRows rows) => world.Time.After(world.Chances.Below(MoveMsMax), () =>
    {
        var shard = world.Shards[to];
        if (!shard.IsUp)
        {
            Enter(world, to, rows);
            return;
        }

        rows.Home = HomeMove.To(rows.Home, shard.Rows.Feeder.Epoch).Entered;
        shard.Home = rows;
        shard.Tell();
    });

    static void Heal(NetworkWorld world)
    {
        world.IsHealed = true;
        for (var one = 0; one < world.Shards.Length; one++)
        {
            for (var other = 0; other < one; other++)
            {
                world.Cut(one, other, isCut: false);
            }
        }
    }
}
