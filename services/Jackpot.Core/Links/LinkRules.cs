using System.Collections.Immutable;
using Jackpot.Core.Eligibility;
using Jackpot.Core.Ids;

namespace Jackpot.Core.Links;

/// <summary>What one bet does to one of the jackpots that it reaches.</summary>
/// <param name="Jackpot">The jackpot.</param>
/// <param name="Part">Whether it takes the bet.</param>
/// <param name="Reason">Why not, when it was asked and refused.</param>
public sealed record LinkedPart(JackpotId Jackpot, LinkedPartKind Part, IneligibleReason? Reason);

/// <summary>Whether a jackpot takes a bet.</summary>
public enum LinkedPartKind
{
    Takes,
    Refuses,

    /// <summary>The jackpot that was meant refused, so its links were not asked.</summary>
    NotAsked,
}

/// <summary>One bet feeds the jackpot that it names and those that are directly linked to it; links of links are not followed.</summary>
public static class LinkRules
{
    /// <summary>As many as any game is linked to.</summary>
    public const int LinksMax = 16;

    /// <summary>Each jackpot decides for itself: an opt-in to the first is none to its links, and one link that refuses does not stop the others.</summary>
    /// <param name="main">The jackpot that the bet names.</param>
    /// <param name="links">Its direct links; the jackpot itself and repetitions are passed over.</param>
    /// <param name="check">Why a jackpot refuses the bet, or null when it takes it.</param>
    /// <exception cref="ArgumentException">There are more links than allowed.</exception>
    public static ImmutableArray<LinkedPart> Plan(JackpotId main, ImmutableArray<JackpotId> links, Func<JackpotId, IneligibleReason?> check)
    {
        if (links.Length > LinksMax)
        {
            throw new ArgumentException($"Jackpot {main} has {links.Length} links; at most {LinksMax} are allowed.", nameof(links));
        }

        var first = Asked(main, check);
        var others = links.Distinct().Where(link => link != main);
        return [first, .. others.Select(link => first.Part == LinkedPartKind.Takes ? Asked(link, check) : new LinkedPart(link, LinkedPartKind.NotAsked, null))];
    }

    static LinkedPart Asked(JackpotId jackpot, Func<JackpotId, IneligibleReason?> check) => check(jackpot) is { } reason
        ? new LinkedPart(jackpot, LinkedPartKind.Refuses, reason)
        : new LinkedPart(jackpot, LinkedPartKind.Takes, null);
}
