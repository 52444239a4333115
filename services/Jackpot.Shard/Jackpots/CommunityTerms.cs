using Jackpot.Contracts.Jackpots;
using Jackpot.Core.Amounts;
using Jackpot.Core.Community;

namespace Jackpot.Shard.Jackpots;

/// <summary>What the parts of an award for others must keep to, so that whoever drops the pool always gets something.</summary>
internal static class CommunityTerms
{
    /// <summary>Most parts of one pool.</summary>
    public const int PartsMax = 8;

    /// <summary>Most winners of one part.</summary>
    public const int WinnersMax = 1_000;

    /// <summary>A year.</summary>
    const int HoursMax = 366 * 24;

    /// <summary>Every fault, for people to read; empty when the definition may be used.</summary>
    public static IEnumerable<string> Faults(JackpotDefinition definition)
    {
        foreach (var pool in definition.Pools.Where(pool => pool.Community is { Count: > 0 }))
        {
            var parts = pool.Community!.Select(part => part.ToPart()).ToList();
            var together = parts.Sum(part => (long)part.Share.Value);
            if (together >= PartsPerMillion.Whole)
            {
                yield return $"Pool '{pool.PoolId}': the community's parts are {together} ppm together; less than {PartsPerMillion.Whole} leaves something to whoever drops it.";
            }

            if (parts.Count > PartsMax || parts.Any(part => !IsSound(part)))
            {
                yield return $"Pool '{pool.PoolId}': a community has at most {PartsMax} parts, each with a share above zero, 1 to {WinnersMax} winners and, where it has hours, 1 to {HoursMax}.";
            }

            if (pool.Trigger is RaffleTriggerDefinition)
            {
                yield return $"Pool '{pool.PoolId}': a raffle is shared by its tickets and has no community.";
            }
        }
    }

    static bool IsSound(CommunityPart part) =>
        part.Share.Value > 0 && part.WinnersMax is >= 1 and <= WinnersMax && part is not AmongActive { Hours: < 1 or > HoursMax };

    /// <summary>The part's name in definitions and payouts.</summary>
    public static string WordOf(CommunityPart part) => part switch
    {
        AmongActive => "among_active",
        TopOfCycle => "top_of_cycle",
        TopOfLifetime => "top_of_lifetime",
        _ => throw new InvalidOperationException($"Community part {part.GetType().Name} has no word."),
    };
}
