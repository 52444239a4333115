using Jackpot.Ledger.Contributions;
using Jackpot.Ledger.Dedupe;

namespace Jackpot.Shard.Tests.Contributions;

public sealed class RecentKeysTests
{
    [Fact]
    public void A_key_is_held_until_it_is_answered_and_known_after_that()
    {
        var keys = new RecentKeys();
        var key = New();
        Assert.False(keys.IsKnown(key));

        keys.Hold(key);
        Assert.Equal((true, true), (keys.IsHeld(key), keys.IsKnown(key)));

        keys.Release(key);
        Assert.Equal((false, true), (keys.IsHeld(key), keys.IsKnown(key)));
    }

    [Fact]
    public void The_latest_answered_keys_are_known_and_those_before_twice_as_many_forgotten()
    {
        var keys = new RecentKeys();
        var first = Enumerable.Range(0, 1_000).Select(_ => New()).ToArray();
        Array.ForEach(first, item => keys.Release(item));
        var latest = Enumerable.Range(0, RecentKeys.RecentMin).Select(_ => New()).ToArray();

        Array.ForEach(latest, item => keys.Release(item));
        Assert.All(latest, key => Assert.True(keys.IsKnown(key)));

        for (var i = 0; i < RecentKeys.RecentMin; i++)
        {
            keys.Release(New());
        }

        Assert.InRange(first.Count(item => keys.IsKnown(item)), 0, 10);
    }

    [Fact]
    public void A_contribution_is_known_by_its_id_under_whatever_key()
    {
        var keys = new RecentKeys();
        var first = New() with { Id16 = Guid.NewGuid() };
        var again = New() with { Id16 = first.Id16 };
        keys.Hold(first);
        Assert.Equal((true, true), (keys.IsHeld(again), keys.IsKnown(again)));

        keys.Release(first);
        Assert.Equal((false, true), (keys.IsHeld(again), keys.IsKnown(again)));
        Assert.False(keys.IsKnown(New() with { Id16 = Guid.Empty }));
    }

    static AcceptedContribution New() => new() { Key16 = Guid.NewGuid() };
}
