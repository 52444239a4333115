using Jackpot.Shard.Problems;

namespace Jackpot.Shard.Admin;

/// <summary>What an admin step came to: its result, or why it was not taken. A refused step has changed nothing.</summary>
internal readonly record struct Verdict<T>(T? Result, Refusal Refusal, string Detail) where T : class
{
    public static implicit operator Verdict<T>(T result) => new(result, Refusal.None, "");

    public static implicit operator Verdict<T>(Refused refused) => new(null, refused.Refusal, refused.Detail);
}

/// <summary>Why a step was not taken; the detail says what was seen and what to do.</summary>
internal sealed record Refused(Refusal Refusal, string Detail);
