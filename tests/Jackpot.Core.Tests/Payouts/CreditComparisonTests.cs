using Jackpot.Core.Amounts;
using Jackpot.Core.Payouts;
using Jackpot.Core.Tests.Play;

namespace Jackpot.Core.Tests.Payouts;

/// <summary>Whatever differs between an operator's list and ours is named, each difference once, and nothing else is.</summary>
public sealed class CreditComparisonTests
{
    const int Lists = 300;
    const int CreditsMax = 40;

    static readonly Currency Euro = Currency.Parse("EUR");
    static readonly DateTimeOffset Day = new(2026, 11, 30, 0, 0, 0, TimeSpan.Zero);
    static readonly DateTimeOffset Noon = Day.AddHours(12);

    static OwnCredit Own(int number, PayoutState state = PayoutState.Credited) =>
        new($"payout-{number}", $"payout-{number}", $"player-{number % 7}", new Money(10_000L * (number + 1), Euro), state, Noon, Noon.AddSeconds(1));

    static ListedCredit Line(OwnCredit own, int line = 2) => new(line, own.TransactionId, own.PlayerId, own.Amount);

    static CreditComparisonResult Compare(IEnumerable<OwnCredit> own, IEnumerable<ListedCredit> listed) => CreditComparison.Compare(own, listed, Day, Day.AddDays(1));

    [Fact]
    public void Every_difference_that_was_made_is_named_and_no_other()
    {
        var random = SeededRandom.New();
        for (var list = 0; list < Lists; list++)
        {
            var (own, lines, made) = (new List<OwnCredit>(), new List<ListedCredit>(), new List<(CreditDifferenceKind, string)>());
            for (var number = 0; number < random.Next(CreditsMax); number++)
            {
                var credit = Own(number);
                var line = Line(credit, number + 2);
                CreditDifferenceKind? kind = random.Next(3) == 0 ? (CreditDifferenceKind)random.Next(Enum.GetValues<CreditDifferenceKind>().Length) : null;
                own.AddRange(kind == CreditDifferenceKind.Unknown ? [] : kind == CreditDifferenceKind.NotCredited ? [credit with { State = PayoutState.Held }] : [credit]);
                lines.AddRange(kind switch
                {
                    CreditDifferenceKind.Missing => [],
                    CreditDifferenceKind.Doubled => [line, line with { Line = 1_000 + number }],
                    CreditDifferenceKind.OtherAmount => [line with { Amount = line.Amount + new Money(10_000, Euro) }],
                    CreditDifferenceKind.OtherPlayer => [line with { PlayerId = "somebody else" }],
                    _ => [line],
                });
                made.AddRange(kind is { } one ? [(one, credit.TransactionId)] : []);
            }

            var (unordered, unorderedLines) = (own.ToArray(), lines.ToArray());
            random.Shuffle(unordered);
            random.Shuffle(unorderedLines);
            var result = Compare(unordered, unorderedLines);

            Assert.Equal(made.Order(), result.Differences.Select(difference => (difference.Kind, difference.TransactionId)).Order());
            Assert.Equal(own.Count + made.Count(one => one.Item1 == CreditDifferenceKind.Unknown) - made.Count, result.Same);
            Assert.Empty(result.OfAnotherDay);
        }
    }

    [Fact]
    public void A_line_can_differ_in_more_than_one_way()
    {
        var own = Own(1, PayoutState.PaidOutside);
        var line = Line(own) with { PlayerId = "somebody else", Amount = new Money(1, Euro) };

        Assert.Equal(
            [CreditDifferenceKind.NotCredited, CreditDifferenceKind.OtherAmount, CreditDifferenceKind.OtherPlayer],
            Compare([own], [line]).Differences.Select(difference => difference.Kind));
    }

    [Fact]
    public void Another_currency_is_another_amount() =>
        Assert.Equal(CreditDifferenceKind.OtherAmount, Assert.Single(Compare([Own(1)], [Line(Own(1)) with { Amount = new Money(20_000, Currency.Parse("SEK")) }]).Differences).Kind);

    [Theory]
    [InlineData(PayoutState.Requested)]
    [InlineData(PayoutState.Crediting)]
    [InlineData(PayoutState.Held)]
    [InlineData(PayoutState.PaidOutside)]
    [InlineData(PayoutState.Forfeited)]
    [InlineData(PayoutState.RolledBack)]
    public void What_is_not_credited_here_must_not_be_in_the_list(PayoutState state)
    {
        Assert.Empty(Compare([Own(1, state)], []).Differences);
        Assert.Equal(CreditDifferenceKind.NotCredited, Assert.Single(Compare([Own(1, state)], [Line(Own(1))]).Differences).Kind);
    }

    [Theory]
    [InlineData(-2, -1, false, false)]
    [InlineData(-1, 1, false, true)]
    [InlineData(0, 1, true, false)]
    [InlineData(86_398, 86_399, true, false)]
    [InlineData(86_399, 86_400, false, true)]
    [InlineData(-1, 86_400, false, true)]
    [InlineData(86_400, 86_401, false, false)]
    public void A_credit_is_missing_when_all_of_it_lies_in_the_day(int sentAfterSeconds, int creditedAfterSeconds, bool isMissing, bool mayBeOfAnotherDay)
    {
        var result = Compare([Own(1) with { SentAt = Day.AddSeconds(sentAfterSeconds), ChangedAt = Day.AddSeconds(creditedAfterSeconds) }], []);

        Assert.Equal(isMissing, result.Differences is [{ Kind: CreditDifferenceKind.Missing }]);
        Assert.Equal(mayBeOfAnotherDay, result.OfAnotherDay.Length == 1);
    }

    [Fact]
    public void What_lies_beside_the_day_may_be_in_the_list() =>
        Assert.Equal(1, Compare([Own(1) with { SentAt = Day.AddMinutes(-5), ChangedAt = Day.AddMinutes(-4) }], [Line(Own(1))]).Same);
}
