using Jackpot.Core.Contributions;
using Jackpot.Core.Lifecycle;
using Jackpot.Core.Pools;
using Jackpot.Core.Tests.Play;
using static Jackpot.Core.Tests.Play.Terms;

namespace Jackpot.Core.Tests.Lifecycle;

public sealed class JackpotStatusRulesTests
{
    static readonly JackpotState Rich = JackpotRules.Start(Of(Random())).State;
    static readonly JackpotState Empty = Rich with { Pools = [Rich.Pools[0] with { SeedMicros = 0 }] };

    public static TheoryData<JackpotStatus, JackpotStep, StepAnswer, JackpotStatus> Table() => new()
    {
        { JackpotStatus.Active, JackpotStep.Pause, StepAnswer.Done, JackpotStatus.Paused },
        { JackpotStatus.Active, JackpotStep.Resume, StepAnswer.AlreadySo, JackpotStatus.Active },
        { JackpotStatus.Active, JackpotStep.Decommission, StepAnswer.MustBePaused, JackpotStatus.Active },
        { JackpotStatus.Paused, JackpotStep.Pause, StepAnswer.AlreadySo, JackpotStatus.Paused },
        { JackpotStatus.Paused, JackpotStep.Resume, StepAnswer.Done, JackpotStatus.Active },
        { JackpotStatus.Paused, JackpotStep.Decommission, StepAnswer.Done, JackpotStatus.Decommissioned },
        { JackpotStatus.Decommissioned, JackpotStep.Pause, StepAnswer.Over, JackpotStatus.Decommissioned },
        { JackpotStatus.Decommissioned, JackpotStep.Resume, StepAnswer.Over, JackpotStatus.Decommissioned },
        { JackpotStatus.Decommissioned, JackpotStep.Decommission, StepAnswer.AlreadySo, JackpotStatus.Decommissioned },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void Every_step_in_every_status(JackpotStatus status, JackpotStep step, StepAnswer answer, JackpotStatus after)
    {
        var outcome = JackpotStatusRules.Step(Empty with { Status = status }, step);
        Assert.Equal((answer, after), (outcome.Answer, outcome.State.Status));
        Assert.Equal(answer == StepAnswer.Done ? Empty.Version + 1 : Empty.Version, outcome.State.Version);
    }

    [Fact]
    [Trait("Rule", "R24")]
    public void A_jackpot_that_holds_money_cannot_be_cancelled() =>
        Assert.Equal(StepAnswer.StillHoldsMoney, JackpotStatusRules.Step(Rich with { Status = JackpotStatus.Paused }, JackpotStep.Decommission).Answer);

    [Fact]
    [Trait("Rule", "R30")]
    public void After_a_pause_everything_is_as_it_was()
    {
        var live = new LiveJackpot(Of(Random(), MustDrop("b")), SeededRandom.New());
        live.Play(7 * Unit, 3 * Unit);
        var paused = JackpotStatusRules.Step(live.State, JackpotStep.Pause).State;
        Assert.Equal(live.State with { Version = live.State.Version + 2 }, JackpotStatusRules.Step(paused, JackpotStep.Resume).State);
    }
}
