using Jackpot.Shard.Contributions;

namespace Jackpot.Shard.Tests.Contributions;

public sealed class LaneKeysTests
{
    [Fact]
    public void A_key_is_held_until_it_is_answered_and_known_after_that()
    {
        var keys = new LaneKeys();
        var key = Guid.NewGuid();
        Assert.False(keys.IsKnown(key));

        keys.Hold(key);
        Assert.Equal((true, true), (keys.IsHeld(key), keys.IsKnown(key)));

        keys.Release(key);
        Assert.Equal((false, true), (keys.IsHeld(key), keys.IsKnown(key)));
    }

    [Fact]
    public void The_latest_answered_keys_are_known_and_those_before_twice_as_many_forgotten()
    {
        var keys = new LaneKeys();
        var first = Enumerable.Range(0, 1_000).Select(_ => Guid.NewGuid()).ToArray();
        Array.ForEach(first, keys.Release);
        var latest = Enumerable.Range(0, LaneKeys.RecentMin).Select(_ => Guid.NewGuid()).ToArray();

        Array.ForEach(latest, keys.Release);
        Assert.All(latest, key => Assert.True(keys.IsKnown(key)));

        for (var i = 0; i < LaneKeys.RecentMin; i++)
        {
            keys.Release(Guid.NewGuid());
        }

        Assert.InRange(first.Count(keys.IsKnown), 0, 10);
    }
}
