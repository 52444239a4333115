using System.Collections.Immutable;
using System.Numerics;
using Jackpot.Core.Ids;

namespace Jackpot.Core.Reports;

/// <summary>What one operator put into a jackpot in the settled time.</summary>
public sealed record OperatorContribution(TenantId Tenant, Int128 Micros);

/// <summary>What one operator bears of a payout.</summary>
public sealed record OperatorShare(TenantId Tenant, Int128 Micros);

/// <summary>Shares a payout among the operators of a linked jackpot in proportion to what their players put in (R57).</summary>
public static class Settlement
{
    /// <summary>The shares add up to the payout exactly; the micro-units that rounding leaves go to the largest remainders, among equals by tenant id.</summary>
    /// <exception cref="ArgumentException">The payout is negative, or nobody contributed, or somebody less than nothing, or somebody is there twice.</exception>
    public static ImmutableArray<OperatorShare> ProRata(Int128 payoutMicros, ImmutableArray<OperatorContribution> contributions)
    {
        var total = contributions.Aggregate((Int128)0, (sum, operatorPart) => sum + operatorPart.Micros);
        if (payoutMicros < 0 || total <= 0 || contributions.Any(part => part.Micros < 0) || contributions.DistinctBy(part => part.Tenant).Count() < contributions.Length)
        {
            throw new ArgumentException("A settlement needs a payout from zero up and contributions from zero up, one per operator, not all zero.", nameof(contributions));
        }

        var parts = contributions.Select(part => Part.Of(part, payoutMicros, total)).ToList();
        var left = (int)parts.Aggregate(payoutMicros, (rest, part) => rest - part.Micros);
        var luckier = parts.OrderByDescending(part => part.Remainder).ThenBy(part => part.Tenant.Value, StringComparer.Ordinal).Take(left).Select(part => part.Tenant).ToHashSet();
        return [.. parts.Select(part => new OperatorShare(part.Tenant, part.Micros + (luckier.Contains(part.Tenant) ? 1 : 0)))];
    }

    readonly record struct Part(TenantId Tenant, Int128 Micros, BigInteger Remainder)
    {
        public static Part Of(OperatorContribution contribution, Int128 payoutMicros, Int128 total)
        {
            var (quotient, remainder) = BigInteger.DivRem((BigInteger)payoutMicros * contribution.Micros, total);
            return new Part(contribution.Tenant, (Int128)quotient, remainder);
        }
    }
}
