using System.Collections.Immutable;
using Jackpot.Core.Community;
using Jackpot.Core.Ids;

namespace Jackpot.Core.Disclosure;

/// <summary>Who shares an award with whoever won it, in sentences (R38).</summary>
static class CommunityWireNames
{
    public static IEnumerable<string> Of(PoolId pool, ImmutableArray<CommunityPart> parts) => parts.IsEmpty
        ? [$"{pool}: no part of the prize goes to players who did not win it."]
        : [.. parts.Select(part => $"{pool}: {Sentence(part)}"), $"{pool}: whoever wins has the rest of the prize, and all of it that cannot be shared out."];

    static string Sentence(CommunityPart part) => part switch
    {
        AmongActive active =>
            $"{PoolWireNames.Percent(part.Share)} of the prize is shared equally by up to {part.WinnersMax} players, drawn at random among all others who took part in the last {active.Hours} hours.",
        TopOfCycle => $"{PoolWireNames.Percent(part.Share)} of the prize is shared equally by the up to {part.WinnersMax} other players who put most into it since its last win.",
        TopOfLifetime => $"{PoolWireNames.Percent(part.Share)} of the prize is shared equally by the up to {part.WinnersMax} other players who have put most into it since it exists.",
        _ => throw new InvalidOperationException($"Community part {part.GetType().Name} has no words."),
    };
}
