using System.Collections.Immutable;
using Jackpot.Core.Amounts;
using Jackpot.Core.Chain;
using Jackpot.Core.Contributions;
using Jackpot.Core.Draws;
using Jackpot.Core.Pools;

namespace Jackpot.Core.Community;

/// <summary>Everything that a community split depends on besides its terms.</summary>
/// <param name="Drop">The drop whose award is shared.</param>
/// <param name="Currency">Of the award; every share is whole minor units.</param>
/// <param name="Winner">Who dropped the pool.</param>
/// <param name="Members">All who may share, in any order.</param>
/// <param name="AtUnixMs">When it dropped.</param>
/// <param name="Secret">Of the cycle that dropped.</param>
/// <param name="Head">The chain after the batch that dropped it.</param>
public sealed record CommunityOccasion(
    Drop Drop, Currency Currency, Hash16 Winner, ImmutableArray<CommunityMember> Members, long AtUnixMs, CycleSecret Secret, Hash32 Head)
{
    /// <summary>The rules of the cycle that dropped.</summary>
    public int RulesVersion { get; init; } = PoolRules.RulesVersion;
}

/// <summary>Shares an award among many, all of whom have put something into the cycle. Whatever cannot be shared out goes to whoever dropped the pool, so the shares are the award.</summary>
public static class CommunityRules
{
    const long MsPerHour = 3_600_000;

    /// <exception cref="ArgumentException">The parts together are more than the award.</exception>
    public static ImmutableArray<CommunityShare> Split(ImmutableArray<CommunityPart> parts, CommunityOccasion occasion)
    {
        if (parts.Sum(part => (long)part.Share.Value) > PartsPerMillion.Whole)
        {
            throw new ArgumentException("The parts together are more than the award.", nameof(parts));
        }

        var shares = parts.SelectMany(part => SharesOf(part, occasion)).ToList();
        var rest = occasion.Drop.AwardMicros - shares.Sum(share => share.Micros);
        return [new CommunityShare(occasion.Winner, rest, null), .. shares];
    }

    static IEnumerable<CommunityShare> SharesOf(CommunityPart part, CommunityOccasion occasion)
    {
        var minorUnits = part.Share.FloorOf(occasion.Drop.AwardMicros) / occasion.Currency.MinorUnitMicros;
        var winners = Chosen(part, occasion, (int)Math.Min(part.WinnersMax, minorUnits)).ToList();
        return winners.Select(member => new CommunityShare(member.Player, minorUnits / winners.Count * occasion.Currency.MinorUnitMicros, part));
    }

    // Members are put in the order of their keys first, so that the outcome does not depend on the order in which they were read.
    static IEnumerable<CommunityMember> Chosen(CommunityPart part, CommunityOccasion occasion, int winners)
    {
        var others = occasion.Members.Where(member => member.Player != occasion.Winner && MayShare(member, occasion)).OrderBy(member => member.Player.ToString(), StringComparer.Ordinal);
        return part switch
        {
            _ when winners <= 0 => [],
            AmongActive active => Drawn([.. others.Where(member => occasion.AtUnixMs - member.LastPlayedUnixMs <= active.Hours * MsPerHour)], occasion, winners),
            TopOfCycle => others.Where(member => member.CycleMicros > 0).OrderByDescending(member => member.CycleMicros).Take(winners),
            TopOfLifetime => others.Where(member => member.LifetimeMicros > 0).OrderByDescending(member => member.LifetimeMicros).Take(winners),
            _ => throw new InvalidOperationException($"Community part {part.GetType().Name} has no rule."),
        };
    }

    static bool MayShare(CommunityMember member, CommunityOccasion occasion) => member.CycleMicros > 0 || !PoolRules.IsForFeedersOnly(occasion.RulesVersion);

    static IEnumerable<CommunityMember> Drawn(List<CommunityMember> members, CommunityOccasion occasion, int winners) => members.Count == 0
        ? []
        : DistinctDraw.Of("jackpot.community.v1"u8, occasion.Secret, occasion.Drop.Pool, occasion.Drop.Cycle, occasion.Head, members.Count, winners)
            .Select(index => members[(int)index]);
}
