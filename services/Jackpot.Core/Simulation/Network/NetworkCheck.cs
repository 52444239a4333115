using Jackpot.Core.Ledger;
using Jackpot.Core.Network;

namespace Jackpot.Core.Simulation.Network;

/// <summary>What must be true at the end of every run.</summary>
static class NetworkCheck
{
    /// <summary>Whether every bet is answered, every award is paid or known to be nobody's, and every shard has heard the last of home.</summary>
    public static bool HasSettled(NetworkWorld world, List<Bet> bets) =>
        world.HomeShard?.Home is { } home && bets.TrueForAll(bet => bet.IsAnswered)
        && home.Home.Awards.All(open => open.Progress == AwardProgress.Unresolved) && world.Shards.All(shard => AgreesWith(shard, home));

    public static void Check(NetworkWorld world, List<Bet> bets)
    {
        if (!HasSettled(world, bets))
        {
            world.Violate("home and feeders do not agree a minute after all was healed");
        }

        if (world.HomeShard?.Home is not { } home)
        {
            world.Violate("there is no home");
            return;
        }

        foreach (var what in home.Violations)
        {
            world.Violate(what);
        }

        CheckEntries(world, home, bets);
        CheckMoney(world, home);
        CheckAwards(world, home);
    }

    static bool AgreesWith(SimulatedShard shard, HomeRows home)
    {
        var feeder = shard.Rows.Feeder;
        return shard.IsUp && feeder.Suspended is null && feeder.Home?.Version == home.Home.Version && feeder.Acknowledged.Mark.Totals == feeder.Last.Mark.Totals
            && home.Home.Feeder(feeder.Epoch.Shard)!.Counted == feeder.Last.Mark
            && home.Jackpot.Pools.Select((pool, tier) => feeder.ShownMicros(NetworkPlan.Terms, tier) == pool.AmountMicros).All(same => same);
    }

    static void CheckEntries(NetworkWorld world, HomeRows home, List<Bet> bets)
    {
        for (var number = 0; number < world.Shards.Length; number++)
        {
            var rows = world.Shards[number].Rows;
            var counted = home.Counted.Where(one => one.Name.Epoch.Shard == rows.Feeder.Epoch.Shard).Select(one => (one.Name, one.Entry));
            if (!counted.SequenceEqual(rows.Rows.Select(row => (row.Name, row.Entry))))
            {
                world.Violate($"home has not counted exactly the entries of shard {number}, in their order");
            }

            if (!rows.Rows.Select(row => row.Key).Order().SequenceEqual(bets.Where(bet => bet.Shard == number).Select(bet => bet.Key).Order()))
            {
                world.Violate($"shard {number} has not recorded each answered bet once");
            }
        }

        foreach (var (name, keys) in world.Names.Where(name => name.Value.Count > 1))
        {
            world.Violate($"{name} was the name of {keys.Count} bets");
        }
    }

    static void CheckMoney(NetworkWorld world, HomeRows home)
    {
        Int128 paidIn = 0;
        foreach (var totals in world.Shards.Select(shard => shard.Rows.Feeder.Last.Mark.Totals))
        {
            paidIn += totals.ContributedMicros - totals.VoidedMicros;
        }

        Int128 held = 0, awarded = 0, booked = 0;
        foreach (var pool in home.Jackpot.Pools)
        {
            held += pool.TotalMicros;
        }

        foreach (var award in home.Awards)
        {
            awarded += award.AmountMicros;
        }

        foreach (var sum in home.Books.Values)
        {
            booked += sum;
        }

        var housePaid = -home.Books.GetValueOrDefault(Account.House);
        if (booked != 0 || paidIn != -home.Books.GetValueOrDefault(Account.PlayerContributions) || paidIn + housePaid != held + awarded)
        {
            world.Violate($"{paidIn} came from players and {housePaid} from the house, {held} are held and {awarded} were won; the books sum to {booked}");
        }
    }

    static void CheckAwards(NetworkWorld world, HomeRows home)
    {
        world.Count(NetworkEvent.AwardMade, home.Awards.Count);
        if (home.Awards.DistinctBy(award => (award.Pool, award.Cycle)).Count() != home.Awards.Count
            || home.Awards.Count != home.Jackpot.Pools.Sum(pool => pool.Cycle - 1))
        {
            world.Violate("not every cycle that ended has one award");
        }

        foreach (var award in home.Awards)
        {
            CheckPaid(world, award);
        }
    }

    static void CheckPaid(NetworkWorld world, NetworkAward award)
    {
        var paid = world.Payments.Where(payment => payment.Award.Id == award.Id).ToArray();
        var number = NetworkPlan.Shards.IndexOf(award.Winner.Epoch.Shard);
        var isLost = world.Shards[number].Rows.OfName(award.Winner) is null;
        if (paid.Length == 0 && isLost)
        {
            world.Count(NetworkEvent.AwardUnresolved);
        }
        else if (paid.Length != 1 || paid[0].Shard != number || !world.Names[award.Winner].Contains(paid[0].Key) || paid[0].Award.AmountMicros != award.AmountMicros)
        {
            world.Violate($"the award of {award.Winner} was paid {paid.Length} times: {string.Join(", ", paid.Select(one => $"on shard {one.Shard} to {one.Key}"))}");
        }
    }
}
