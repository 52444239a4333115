using Jackpot.Core.Pools;

namespace Jackpot.Core.Lifecycle;

/// <summary>What can be done to a whole jackpot.</summary>
public enum JackpotStep
{
    Pause,
    Resume,
    Decommission,
}

/// <summary>Why a step was refused, or that it was not.</summary>
public enum StepAnswer
{
    Done,
    AlreadySo,

    /// <summary>A running jackpot is paused first, so that no bet is lost on the way.</summary>
    MustBePaused,

    /// <summary>It still holds money; unpaid jackpots are never cancelled, only transferred (R24).</summary>
    StillHoldsMoney,

    /// <summary>A decommissioned jackpot is over for good.</summary>
    Over,
}

/// <summary>A step's answer and the jackpot afterwards; unchanged when refused.</summary>
public sealed record StepOutcome(StepAnswer Answer, JackpotState State);

/// <summary>Pausing, resuming and ending. No step touches a balance, a cycle or a sequence (R30).</summary>
public static class JackpotStatusRules
{
    public static StepOutcome Step(JackpotState state, JackpotStep step) => (state.Status, step) switch
    {
        (JackpotStatus.Decommissioned, JackpotStep.Decommission) => new StepOutcome(StepAnswer.AlreadySo, state),
        (JackpotStatus.Decommissioned, _) => new StepOutcome(StepAnswer.Over, state),
        (JackpotStatus.Active, JackpotStep.Pause) => Done(state, JackpotStatus.Paused),
        (JackpotStatus.Paused, JackpotStep.Resume) => Done(state, JackpotStatus.Active),
        (JackpotStatus.Active, JackpotStep.Resume) or (JackpotStatus.Paused, JackpotStep.Pause) => new StepOutcome(StepAnswer.AlreadySo, state),
        (JackpotStatus.Active, JackpotStep.Decommission) => new StepOutcome(StepAnswer.MustBePaused, state),
        (JackpotStatus.Paused, JackpotStep.Decommission) when state.Pools.Any(pool => pool.TotalMicros != 0) => new StepOutcome(StepAnswer.StillHoldsMoney, state),
        (JackpotStatus.Paused, JackpotStep.Decommission) => Done(state, JackpotStatus.Decommissioned),
        _ => throw new ArgumentOutOfRangeException(nameof(step), step, $"There is no such step for a jackpot that is {state.Status}."),
    };

    static StepOutcome Done(JackpotState state, JackpotStatus status) =>
        new(StepAnswer.Done, state with { Status = status, Version = state.Version + 1 });
}
