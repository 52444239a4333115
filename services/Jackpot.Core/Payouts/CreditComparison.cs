using System.Collections.Immutable;
using Jackpot.Core.Amounts;

namespace Jackpot.Core.Payouts;

/// <summary>One payout as our rows tell it.</summary>
/// <param name="TransactionId">What the operator knows the credit by.</param>
/// <param name="Amount">What the player is paid, in the player's own currency.</param>
/// <param name="SentAt">When the first credit was about to be sent.</param>
/// <param name="ChangedAt">When it came to its state; of a credited one, when that was known.</param>
public sealed record OwnCredit(
    string PayoutId, string TransactionId, string PlayerId, Money Amount, PayoutState State, DateTimeOffset SentAt, DateTimeOffset ChangedAt);

/// <summary>One line of the operator's own list.</summary>
/// <param name="Line">Where it stands, for people.</param>
public sealed record ListedCredit(int Line, string TransactionId, string PlayerId, Money Amount);

/// <summary>What can be wrong between the two sides.</summary>
public enum CreditDifferenceKind
{
    /// <summary>Credited here; the operator's list does not have it.</summary>
    Missing,

    /// <summary>The operator's list has it more than once.</summary>
    Doubled,
    OtherAmount,
    OtherPlayer,

    /// <summary>The operator has credited what is not credited here: it may be paid a second time by another road.</summary>
    NotCredited,

    /// <summary>The operator has credited what nobody here has heard of.</summary>
    Unknown,
}

/// <param name="Own">Null when it is <see cref="CreditDifferenceKind.Unknown"/>.</param>
/// <param name="Listed">Null when it is <see cref="CreditDifferenceKind.Missing"/>.</param>
public sealed record CreditDifference(CreditDifferenceKind Kind, string TransactionId, OwnCredit? Own, ListedCredit? Listed);

/// <param name="Same">Credits that both sides have, and have alike.</param>
/// <param name="OfAnotherDay">
/// Not in the list, and no difference: between the first attempt and the answer lay the day's beginning or end, so that it may stand in the list of another day.
/// </param>
public sealed record CreditComparisonResult(int Same, ImmutableArray<CreditDifference> Differences, ImmutableArray<OwnCredit> OfAnotherDay);

/// <summary>
/// An operator's own list of what it credited on a day, held against ours. Every credit of the day must be in the list; every line of the list must be
/// ours, where ours may reach further than the day, since clocks differ.
/// </summary>
public static class CreditComparison
{
    /// <param name="own">Each transaction once; those that were never sent are left out by whoever reads them.</param>
    /// <param name="from">The day begins.</param>
    /// <param name="until">It is over.</param>
    /// <exception cref="ArgumentException">Two of ours have the same transaction id.</exception>
    public static CreditComparisonResult Compare(IEnumerable<OwnCredit> own, IEnumerable<ListedCredit> listed, DateTimeOffset from, DateTimeOffset until)
    {
        var left = own.ToDictionary(credit => credit.TransactionId, StringComparer.Ordinal);
        var (same, differences, otherDay) = (0, ImmutableArray.CreateBuilder<CreditDifference>(), ImmutableArray.CreateBuilder<OwnCredit>());
        foreach (var lines in listed.GroupBy(line => line.TransactionId, StringComparer.Ordinal))
        {
            left.Remove(lines.Key, out var credit);
            var found = Differences(credit, [.. lines]).ToList();
            differences.AddRange(found);
            same += found.Count == 0 ? 1 : 0;
        }

        foreach (var credit in left.Values.Where(credit => credit.State == PayoutState.Credited))
        {
            if (credit.SentAt >= from && credit.ChangedAt < until)
            {
                differences.Add(new CreditDifference(CreditDifferenceKind.Missing, credit.TransactionId, credit, null));
            }
            else if (credit.SentAt < until && credit.ChangedAt >= from)
            {
                otherDay.Add(credit);
            }
        }

        return new CreditComparisonResult(same, differences.ToImmutable(), otherDay.ToImmutable());
    }

    static IEnumerable<CreditDifference> Differences(OwnCredit? own, IReadOnlyList<ListedCredit> lines)
    {
        foreach (var line in lines)
        {
            foreach (var kind in Kinds(own, line, isFirst: ReferenceEquals(line, lines[0])))
            {
                yield return new CreditDifference(kind, line.TransactionId, own, line);
            }
        }
    }

    static IEnumerable<CreditDifferenceKind> Kinds(OwnCredit? own, ListedCredit line, bool isFirst)
    {
        if (!isFirst)
        {
            yield return CreditDifferenceKind.Doubled;
        }
        else if (own is null)
        {
            yield return CreditDifferenceKind.Unknown;
        }
        else if (own.State != PayoutState.Credited)
        {
            yield return CreditDifferenceKind.NotCredited;
        }

        if (own is not null && own.Amount != line.Amount)
        {
            yield return CreditDifferenceKind.OtherAmount;
        }

        if (own is not null && own.PlayerId != line.PlayerId)
        {
            yield return CreditDifferenceKind.OtherPlayer;
        }
    }
}
