using System.Collections.Immutable;
using Jackpot.Core.Contributions;

namespace Jackpot.Core.Network;

/// <summary>What home checks of every new entry, for a feeder is believed in who bet but not in what a bet is worth.</summary>
static class EntryChecks
{
    /// <summary>Null when all entries are in line. What a void takes back is checked where the voided entry is known.</summary>
    public static SuspensionReason? Fault(ImmutableArray<NetworkEntry> entries, HomeContext context)
    {
        foreach (var entry in entries)
        {
            if (entry.Voids is not null)
            {
                continue;
            }

            if (entry.StakeMicros > context.Limits.StakeMicrosMax)
            {
                return SuspensionReason.StakeAboveLimit;
            }

            if (entry.ContributionMicros != ContributionRules.ContributionMicros(context.Terms!, entry.StakeMicros))
            {
                return SuspensionReason.ContributionDiffers;
            }
        }

        return null;
    }
}
