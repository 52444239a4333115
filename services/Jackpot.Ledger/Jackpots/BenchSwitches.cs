namespace Jackpot.Ledger.Jackpots;

/// <summary>
/// Lets `jackpot bench` see what one feature costs: a jackpot of a certain name goes without it. That is so only in a process that
/// was started with JACKPOT_BENCH=1, read once; in any other the names mean nothing.
/// </summary>
internal static class BenchSwitches
{
    public const string Variable = "JACKPOT_BENCH";
    public const string WithoutChain = "bench-without-chain";
    public const string WithoutOutbox = "bench-without-outbox";
    public const string WithoutStoring = "bench-without-storing";

    // A constant to the compiler once it has been read: the path of a bet does not pay for it.
    static readonly bool IsBench = Environment.GetEnvironmentVariable(Variable) == "1";

    public static bool LeavesOutChain(LoadedJackpot jackpot) => IsBench && jackpot.State.Id.Value == WithoutChain;

    /// <summary>Answered by the endpoint itself: what the rest is compared with.</summary>
    public static bool StoresNothing(JackpotEntry jackpot) => IsBench && jackpot.Config.Id.Value == WithoutStoring;

    public static bool LeaveOutOutbox(IReadOnlyList<JackpotPlan> plans) => IsBench && plans.All(plan => plan.Before.State.Id.Value == WithoutOutbox);
}
