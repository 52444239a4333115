using Jackpot.Core.Ids;
using Jackpot.Core.Ledger;
using Jackpot.Core.Pools;

namespace Jackpot.Core.Tests.Ledger;

public sealed class MoneyEquationTests
{
    static readonly PoolId Pool = PoolId.Parse("pool");
    static readonly PoolState Opening = new(Pool, PoolStatus.Open, 1, 0, 100, 1_000, 20, 3, 0);

    [Fact]
    [Trait("Rule", "R51")]
    public void Closing_is_opening_and_what_came_less_what_went()
    {
        LedgerEntry[] entries =
        [
            new(Pool, Account.PlayerContributions, -50), new(Pool, Account.PoolIncrement, 50),
            new(Pool, Account.House, -7), new(Pool, Account.PoolSeed, 7),
            new(Pool, Account.PoolIncrement, -30), new(Pool, Account.AwardsPayable, 30),
            new(Pool, Account.Transfer, -5), new(Pool, Account.Reserve, 5),
            new(PoolId.Parse("other"), Account.House, -999),
        ];
        var closing = Opening with { IncrementMicros = 120, SeedMicros = 1_007, ReserveMicros = 25 };
        Assert.Equal(new MoneyEquation(1_123, 50, 7, 30, 5, 1_155), MoneyEquation.Of(Opening, closing, entries));
        Assert.True(MoneyEquation.Of(Opening, closing, entries).Holds);
    }

    [Theory]
    [Trait("Rule", "R51")]
    [InlineData(1)]
    [InlineData(-1)]
    public void One_micro_unit_is_a_difference(long micros)
    {
        var equation = MoneyEquation.Of(Opening, Opening with { OverflowMicros = 3 + micros }, []);
        Assert.Equal((false, micros), (equation.Holds, equation.DifferenceMicros));
    }

    [Fact]
    public void A_journal_that_does_not_balance_cannot_be_had()
    {
        var journal = new Journal();
        journal.Move(Pool, Account.House, Account.PoolSeed, 5);
        journal.Move(Pool, Account.House, Account.PoolSeed, 0);
        Assert.Equal(2, journal.Balanced().Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => journal.Move(Pool, Account.House, Account.PoolSeed, -1));
    }
}
