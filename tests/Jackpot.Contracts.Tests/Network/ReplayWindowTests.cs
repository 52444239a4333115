using Jackpot.Contracts.Network;

namespace Jackpot.Contracts.Tests.Network;

public sealed class ReplayWindowTests
{
    [Fact]
    public void In_any_order_each_number_is_taken_once_and_none_that_lies_too_far_back()
    {
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (var round = 0; round < 20; round++)
        {
            var (window, taken, highest) = (ReplayWindow.Empty, new HashSet<long>(), 0L);
            for (var step = 0; step < 3_000; step++)
            {
                var number = Math.Max(1, highest + random.Next(-ReplayWindow.Width - 20, 30));
                var isNew = highest - number < ReplayWindow.Width && !taken.Contains(number);
                var after = window.Take(1, number);
                Assert.Equal(isNew, after is not null);
                (window, highest) = (after ?? window, after is null ? highest : Math.Max(highest, number));
                taken.Add(isNew ? number : 1_000_000_000);
            }
        }
    }

    [Fact]
    public void A_later_epoch_begins_anew_and_an_earlier_one_is_over()
    {
        var window = ReplayWindow.Empty.Take(2, 50)!;
        Assert.NotNull(window.Take(3, 1));
        Assert.Null(window.Take(1, 51));
        Assert.Null(window.Take(3, 1)!.Take(2, 51));
        Assert.Null(window.Take(2, 0));
    }

    [Fact]
    public void A_leap_over_the_whole_window_forgets_it()
    {
        var window = ReplayWindow.Empty.Take(1, 1)!.Take(1, long.MaxValue)!;
        Assert.Equal(1UL, window.Seen[0]);
        Assert.All(window.Seen.Skip(1), word => Assert.Equal(0UL, word));
        Assert.Null(window.Take(1, 1));
    }
}
