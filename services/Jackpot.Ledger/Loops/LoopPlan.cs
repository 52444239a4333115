namespace Jackpot.Ledger.Loops;

/// <summary>What is fixed of a <see cref="HostedLoop"/>.</summary>
/// <param name="Name">In logs and metrics.</param>
/// <param name="Interval">From the end of a pass to the next.</param>
/// <param name="OnFault">What a failed pass means for whoever reads the log, as the end of a sentence.</param>
internal sealed record LoopPlan(string Name, TimeSpan Interval, string OnFault)
{
    /// <summary>Longest time of one pass; what takes longer is cut off and counts as failed.</summary>
    public TimeSpan PassTimeMax { get; init; } = TimeSpan.FromMinutes(2);
}
