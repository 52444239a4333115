using Jackpot.Contracts.Events;
using Jackpot.Core.Amounts;
using Jackpot.Ledger.Outbox;
using Jackpot.TestKit;
using Microsoft.Extensions.Time.Testing;

namespace Jackpot.Shard.Tests.Outbox;

public sealed class PoolNewsTests
{
    static readonly Currency Euro = Currency.Parse("EUR");

    readonly FakeTimeProvider _clock = new(DateTimeOffset.UnixEpoch);

    [Fact]
    public void A_quiet_pool_is_told_of_at_once_and_a_busy_one_once_a_pace_with_its_newest_amount()
    {
        var news = new PoolNews(_clock);
        news.Note(Update("a", 1));
        Assert.Equal(1, Tell(news).Single().Sequence);

        news.Note(Update("a", 2));
        news.Note(Update("a", 3));
        Assert.Empty(news.Due());

        _clock.Advance(PoolNews.Pace);
        Assert.Equal(3, Tell(news).Single().Sequence);
        _clock.Advance(PoolNews.Pace);
        Assert.Empty(news.Due());
    }

    [Fact]
    public void One_pool_does_not_hold_another_back()
    {
        var news = new PoolNews(_clock);
        news.Note(Update("a", 1));
        Tell(news);
        news.Note(Update("a", 2));
        news.Note(Update("b", 1));

        Assert.Equal("b", Tell(news).Single().PoolId);
    }

    [Fact]
    public void What_came_late_does_not_take_a_pool_back()
    {
        var news = new PoolNews(_clock);
        news.Note(Update("a", 5));
        news.Note(Update("a", 4));

        Assert.Equal(5, news.Due().Single().Sequence);
    }

    [Fact]
    public void What_was_before_a_drop_by_call_does_not_take_a_pool_back()
    {
        var news = new PoolNews(_clock);
        var before = Update("a", 5);
        news.Note(before with { Cycle = before.Cycle + 1 });
        news.Note(before);

        Assert.Equal(before.Cycle + 1, news.Due().Single().Cycle);
    }

    [Fact]
    public void What_was_not_told_is_due_again()
    {
        var news = new PoolNews(_clock);
        news.Note(Update("a", 1));

        Assert.Single(news.Due());
        Assert.Single(news.Due());
    }

    [Fact]
    public void Of_many_busy_pools_those_that_have_waited_longest_are_told_of_and_each_gets_its_turn()
    {
        const int Rounds = 3;
        var news = new PoolNews(_clock);
        var pools = Enumerable.Range(0, PoolNews.AtOnceMax * Rounds).Select(number => $"pool-{number}").ToArray();
        for (var pass = 1; pass <= Rounds * 2; pass++)
        {
            foreach (var pool in pools)
            {
                news.Note(Update(pool, pass));
                _clock.Advance(TimeSpan.FromMicroseconds(1));
            }

            var turn = pools.Chunk(PoolNews.AtOnceMax).ElementAt((pass - 1) % Rounds);
            Assert.Equal(turn.Select(pool => (pool, (long)pass)), Tell(news).Select(update => (update.PoolId, update.Sequence)));
            _clock.Advance(PoolNews.Pace);
        }
    }

    [Fact]
    public void A_relay_that_starts_can_tell_of_more_pools_at_once()
    {
        var news = new PoolNews(_clock);
        for (var number = 0; number <= PoolNews.AtOnceMax; number++)
        {
            news.Note(Update($"pool-{number}", 1));
        }

        Assert.Equal(PoolNews.AtOnceMax, news.Due().Count);
        Assert.Equal(PoolNews.AtOnceMax + 1, news.Due(PoolNews.AtOnceMax * 2).Count);
    }

    static List<PoolUpdated> Tell(PoolNews news)
    {
        var due = news.Due();
        news.Published(due);
        return due;
    }

    static PoolUpdated Update(string pool, long sequence) => new(pool, "j", 1, sequence, new Money(sequence, Euro), DateTimeOffset.UnixEpoch);
}
