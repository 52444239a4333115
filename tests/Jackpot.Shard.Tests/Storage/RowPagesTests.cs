using Jackpot.Ledger.Storage;

namespace Jackpot.Shard.Tests.Storage;

public sealed class RowPagesTests
{
    [Fact]
    public void Pages_hold_every_row_once_in_order_and_none_more_than_it_may()
    {
        const int Rounds = 500;
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper!.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (var round = 0; round < Rounds; round++)
        {
            var rowsMax = random.Next(1, 20);
            var all = Enumerable.Range(0, random.Next(8)).Select(owner => Any(random, owner)).ToList();

            var pages = RowPages.Of(all, rowsMax).ToList();

            Assert.All(pages, page => Assert.InRange(page.Sum(rows => rows.Through - rows.After), 0, rowsMax));
            Assert.All(pages, page => Assert.InRange(page.Count, 1, rowsMax));
            Assert.Equal(all.SelectMany(Numbers), pages.SelectMany(page => page).SelectMany(Numbers));
        }
    }

    [Fact]
    public void What_is_not_known_to_have_rows_is_not_cut()
    {
        var open = new NumberedRows(1, 2, long.MinValue, long.MaxValue, 0);
        Assert.Equal(open, Assert.Single(Assert.Single(RowPages.Of([open], 1))));
        Assert.Empty(RowPages.Of([], 1));
    }

    static NumberedRows Any(Random random, int owner)
    {
        var after = random.Next(100);
        return NumberedRows.Of(owner, owner + 7, after, after + random.Next(60));
    }

    static IEnumerable<(int Owner, int Jackpot, long Number)> Numbers(NumberedRows rows) =>
        Enumerable.Range(0, (int)(rows.Through - rows.After)).Select(i => (rows.Owner, rows.Jackpot, rows.After + 1 + i));
}
