using Jackpot.Contracts.Events;
using Jackpot.Core.Amounts;
using Jackpot.Shard.Outbox;
using Jackpot.TestKit;

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
    public void What_was_not_told_is_due_again()
    {
        var news = new PoolNews(_clock);
        news.Note(Update("a", 1));

        Assert.Single(news.Due());
        Assert.Single(news.Due());
    }

    static List<PoolUpdated> Tell(PoolNews news)
    {
        var due = news.Due();
        news.Told(due);
        return due;
    }

    static PoolUpdated Update(string pool, long sequence) => new(pool, "j", 1, sequence, new Money(sequence, Euro), DateTimeOffset.UnixEpoch);
}
