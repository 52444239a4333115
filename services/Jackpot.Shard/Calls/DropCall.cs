using System.Collections.Immutable;
using Jackpot.Core.Ids;
using Jackpot.Core.Pools;
using Jackpot.Ledger.Awards;
using Jackpot.Shard.Contributions;
using Jackpot.Shard.Problems;

namespace Jackpot.Shard.Calls;

/// <summary>A request to drop a pool that no stake drops.</summary>
/// <param name="Jackpot">The jackpot's number in the tables.</param>
/// <param name="Pool">The tier.</param>
/// <param name="Caller">The tenant; empty when staff calls.</param>
/// <param name="CallId">The caller's name for this call.</param>
/// <param name="Body16">Hash of everything that it says.</param>
internal abstract record DropCall(int Jackpot, PoolId Pool, string Caller, string CallId, Guid Body16)
{
    /// <summary>Whether a pool with this trigger is dropped by such a call.</summary>
    public abstract bool Fits(Trigger trigger);
}

/// <summary>A game's server names the moment and the winners.</summary>
internal sealed record GameCall(int Jackpot, PoolId Pool, string Caller, string CallId, Guid Body16, ImmutableArray<Winner> Winners)
    : DropCall(Jackpot, Pool, Caller, CallId, Body16)
{
    /// <summary>Why one of the winners does not take part in the jackpot; null when all do. A call that was answered before is not asked.</summary>
    public RefusedContribution? Against { get; init; }

    public override bool Fits(Trigger trigger) => trigger is ExternalTrigger;
}

/// <summary>Staff has a raffle drawn.</summary>
internal sealed record DrawCall(int Jackpot, PoolId Pool, string CallId, Guid Body16, string Person, string Why)
    : DropCall(Jackpot, Pool, Staff, CallId, Body16)
{
    const string Staff = "";

    public override bool Fits(Trigger trigger) => trigger is RaffleTrigger;
}

/// <summary>What became of a call.</summary>
internal abstract record CallOutcome
{
    /// <summary>It dropped the pool, now or when it came first; the answer is the same both times.</summary>
    public sealed record Answered(string Json, bool Replayed) : CallOutcome;

    public sealed record Refused(Refusal Refusal, string Detail, string? Reason = null) : CallOutcome
    {
        public static Refused Of(RefusedContribution refused) => new(refused.Refusal, refused.Detail, refused.Reason);
    }
}
