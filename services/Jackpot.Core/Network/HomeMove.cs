using Jackpot.Core.Ids;

namespace Jackpot.Core.Network;

/// <summary>A planned move of the home to another shard that feeds the jackpot.</summary>
/// <param name="Left">The old home's last state: fenced, in a commit of its own that comes first.</param>
/// <param name="Entered">What the new home begins with; it goes over together with the jackpot's state and secrets.</param>
public sealed record HomeMove(HomeState Left, HomeState Entered)
{
    /// <summary>Nothing is lost: entries that the old home has not counted are counted by the new one, from the same marks on.</summary>
    /// <exception cref="InvalidOperationException">It moved before, or the shard does not feed the jackpot.</exception>
    public static HomeMove To(HomeState home, ShardEpoch shard)
    {
        if (home.Status == HomeStatus.Moved || home.Feeder(shard.Shard) is null || home.Epoch.Shard.Shard == shard.Shard)
        {
            throw new InvalidOperationException($"Jackpot {home.Jackpot} cannot move from {home.Epoch} ({home.Status}) to {shard}.");
        }

        var version = home.Version + 1;
        return new HomeMove(
            home with { Status = HomeStatus.Moved, Version = version },
            home with { Epoch = home.Epoch.MovedTo(shard), Version = version });
    }
}
