namespace Jackpot.Core.Payouts;

/// <summary>What is done about a workflow engine that stands still, the mildest first.</summary>
public enum EngineCure
{
    None,

    /// <summary>The worker's stream of work is opened anew; engines were seen to go on by that alone.</summary>
    ReopenStream,

    /// <summary>The own sidecar is asked to end; whoever supervises it starts it again.</summary>
    ShutDownSidecar,

    /// <summary>The own process ends; whoever supervises it starts it again.</summary>
    EndProcess,
}

/// <summary>What is known of an engine at a moment. Instants are milliseconds of one clock.</summary>
/// <param name="NowMs">The moment.</param>
/// <param name="TakenMs">When it last took a workflow, or when watching began.</param>
/// <param name="OthersAnswer">Whether the database and the sidecar answer: if not, they are to blame, and nothing is cured here.</param>
/// <param name="CuredMs">When something was last done about it; null for never since it last took one.</param>
/// <param name="Cures">What was done since it last took one.</param>
public readonly record struct EngineSight(long NowMs, long TakenMs, bool OthersAnswer, long? CuredMs, int Cures);

/// <summary>Tells an engine that stands still from one that is away or slow, and what to do. An engine can stand still for good while everything reports health.</summary>
public static class EngineWatch
{
    /// <summary>How long nothing may be taken.</summary>
    public const int StillMs = 20_000;

    /// <summary>From one cure to the next.</summary>
    public const int CureEveryMs = 120_000;

    public static bool StandsStill(EngineSight sight) => sight.OthersAnswer && sight.NowMs - sight.TakenMs >= StillMs;

    public static EngineCure Next(EngineSight sight) => sight switch
    {
        _ when !StandsStill(sight) => EngineCure.None,
        { CuredMs: { } cured } when sight.NowMs - cured < CureEveryMs => EngineCure.None,
        { Cures: 0 } => EngineCure.ReopenStream,
        { Cures: 1 } => EngineCure.ShutDownSidecar,
        _ => EngineCure.EndProcess,
    };
}
