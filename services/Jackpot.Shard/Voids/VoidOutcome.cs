using Jackpot.Ledger.Contributions;
using Jackpot.Ledger.Jackpots;
using Jackpot.Shard.Problems;

namespace Jackpot.Shard.Voids;

/// <summary>How far a void has come.</summary>
internal enum VoidStatus
{
    /// <summary>Taken by this call.</summary>
    Voided,

    /// <summary>Taken before, by a void with the same key.</summary>
    Already,

    /// <summary>The bet has not come: it is taken back when it comes.</summary>
    Waits,

    /// <summary>Not taken, and asking again changes nothing.</summary>
    Refused,

    /// <summary>Not known to be taken: ask again with the same key.</summary>
    Retry,
}

/// <summary>What became of a void.</summary>
/// <param name="Status">How far it has come.</param>
/// <param name="Parts">What was taken out of each jackpot that the bet reached; empty while it waits, and when it came before its bet.</param>
internal sealed record VoidOutcome(VoidStatus Status, IReadOnlyList<VoidedPartOf> Parts)
{
    /// <summary>Why it was refused, or should be asked for again; null otherwise.</summary>
    public Refusal Refusal { get; init; }

    /// <summary>What was seen and what to do.</summary>
    public string Detail { get; init; } = "";

    public static VoidOutcome Not(VoidStatus status, Refusal refusal, string detail) => new(status, []) { Refusal = refusal, Detail = detail };
}

/// <summary>What a void took out of one jackpot.</summary>
internal sealed record VoidedPartOf(JackpotEntry Jackpot, VoidRecord Record);
