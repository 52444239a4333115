using System.Collections.Immutable;
using Jackpot.Core.Ids;
using Jackpot.Core.Pools;
using Jackpot.Ledger.Awards;
using Jackpot.Shard.Contributions;
using Jackpot.Shard.Problems;

namespace Jackpot.Shard.ExternalTriggers;

/// <summary>A request to drop a pool that no stake drops.</summary>
/// <param name="Jackpot">The jackpot's number in the tables.</param>
/// <param name="Pool">The tier.</param>
/// <param name="Caller">The tenant; empty when staff draws.</param>
/// <param name="RequestId">The caller's name for this request.</param>
/// <param name="Body16">Hash of everything that it says.</param>
internal abstract record DropRequest(int Jackpot, PoolId Pool, string Caller, string RequestId, Guid Body16)
{
    /// <summary>Whether a pool with this trigger is dropped by such a request.</summary>
    public abstract bool Fits(Trigger trigger);
}

/// <summary>A game's server names the moment and the winners.</summary>
internal sealed record TriggerRequest(int Jackpot, PoolId Pool, string Caller, string RequestId, Guid Body16, ImmutableArray<Winner> Winners)
    : DropRequest(Jackpot, Pool, Caller, RequestId, Body16)
{
    /// <summary>Why one of the winners does not take part in the jackpot; null when all do. A request that was answered before is not asked.</summary>
    public RefusedContribution? Against { get; init; }

    public override bool Fits(Trigger trigger) => trigger is ExternalTrigger;
}

/// <summary>Staff has a raffle drawn.</summary>
internal sealed record DrawRequest(int Jackpot, PoolId Pool, string RequestId, Guid Body16, string StaffUser, string Why)
    : DropRequest(Jackpot, Pool, Staff, RequestId, Body16)
{
    const string Staff = "";

    public override bool Fits(Trigger trigger) => trigger is RaffleTrigger;
}

/// <summary>What became of a request.</summary>
internal abstract record DropOutcome
{
    /// <summary>It dropped the pool, now or when it came first; the answer is the same both times.</summary>
    public sealed record Answered(string Json, bool Replayed) : DropOutcome;

    public sealed record Refused(Refusal Refusal, string Detail, string? Reason = null) : DropOutcome
    {
        public static Refused Of(RefusedContribution refused) => new(refused.Refusal, refused.Detail, refused.Reason);
    }
}
