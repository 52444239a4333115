using Jackpot.Core.Amounts;
using Jackpot.Core.Changes;
using Jackpot.Core.Pools;
using Jackpot.Core.Tests.Play;
using static Jackpot.Core.Tests.Play.Terms;

namespace Jackpot.Core.Tests.Changes;

public sealed class ChangeRulesTests
{
    static readonly JackpotConfig Before = Of(Random("a"), Random("b"));
    static readonly ConfigChange Draft = ConfigChange.Draft(Before, Before with { Name = "Better", Version = 2 }, "anna", "campaign");

    [Fact]
    [Trait("Rule", "R20")]
    [Trait("Rule", "R21")]
    public void Every_step_in_every_status()
    {
        var legal = new Dictionary<(ChangeStatus, ChangeStep), ChangeStatus>
        {
            [(ChangeStatus.Draft, ChangeStep.Propose)] = ChangeStatus.Proposed,
            [(ChangeStatus.Draft, ChangeStep.Withdraw)] = ChangeStatus.Withdrawn,
            [(ChangeStatus.Proposed, ChangeStep.Withdraw)] = ChangeStatus.Withdrawn,
            [(ChangeStatus.Proposed, ChangeStep.Approve)] = ChangeStatus.Approved,
            [(ChangeStatus.Proposed, ChangeStep.Reject)] = ChangeStatus.Rejected,
            [(ChangeStatus.Approved, ChangeStep.TakeEffect)] = ChangeStatus.Effective,
        };
        foreach (var status in Enum.GetValues<ChangeStatus>())
        {
            foreach (var step in Enum.GetValues<ChangeStep>())
            {
                var change = Draft with { Status = status };
                var outcome = ChangeRules.Step(change, step, step is ChangeStep.Approve or ChangeStep.Reject ? "ben" : "anna");
                var expected = legal.TryGetValue((status, step), out var next) ? (ChangeAnswer.Done, next) : (ChangeAnswer.WrongStatus, status);
                Assert.Equal(expected, (outcome.Answer, outcome.Change.Status));
            }
        }
    }

    [Fact]
    [Trait("Rule", "R20")]
    public void Nobody_approves_or_rejects_their_own_change()
    {
        var proposed = Draft with { Status = ChangeStatus.Proposed };
        Assert.Equal(ChangeAnswer.SameStaffUser, ChangeRules.Step(proposed, ChangeStep.Approve, "anna").Answer);
        Assert.Equal(ChangeAnswer.SameStaffUser, ChangeRules.Step(proposed, ChangeStep.Reject, "anna").Answer);
        Assert.Equal(ChangeAnswer.NotTheAuthor, ChangeRules.Step(proposed, ChangeStep.Withdraw, "ben").Answer);
        Assert.Equal("ben", ChangeRules.Step(proposed, ChangeStep.Approve, "ben").Change.DecidedBy);
    }

    /// <summary>Older releases stored any text as the author.</summary>
    [Theory]
    [InlineData("Anna")]
    [InlineData(" ANNA ")]
    [InlineData("anna\u200b")]
    [InlineData("\u0430nna")]
    [InlineData("anna  smith")]
    [Trait("Rule", "R20")]
    public void What_somebody_wrote_under_another_spelling_is_not_approved_by_them(string author)
    {
        var proposed = Draft with { Status = ChangeStatus.Proposed, Author = author };
        Assert.Equal(ChangeAnswer.SameStaffUser, ChangeRules.Step(proposed, ChangeStep.Approve, "anna").Answer);
        Assert.Equal(ChangeAnswer.Done, ChangeRules.Step(proposed, ChangeStep.Reject, "ben").Answer);
    }

    public static TheoryData<ChangeAnswer, ConfigChange, string> Refusals() => new()
    {
        { ChangeAnswer.StaffUserMissing, Draft, " " },
        { ChangeAnswer.StaffUserMissing, Draft, "Anna" },
        { ChangeAnswer.ReasonMissing, Draft with { Why = "" }, "anna" },
        { ChangeAnswer.NothingChanged, Draft with { After = Before with { Version = 2 } }, "anna" },
        { ChangeAnswer.NotChangeable, Draft with { After = Before with { Currency = Currency.Parse("USD") } }, "anna" },
        { ChangeAnswer.NotChangeable, Draft with { After = Before with { Pools = [Before.Pools[1], Before.Pools[0]] } }, "anna" },
        { ChangeAnswer.NotChangeable, Draft with { After = Before with { Funding = FundingMode.Marketing } }, "anna" },
        { ChangeAnswer.ConfigFaulty, Draft with { After = Before with { Name = "" } }, "anna" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public void A_proposal_is_refused_with_its_reason(ChangeAnswer answer, ConfigChange change, string staffUser)
    {
        var outcome = ChangeRules.Step(change, ChangeStep.Propose, staffUser);
        Assert.Equal((answer, change), (outcome.Answer, outcome.Change));
        Assert.Equal(answer == ChangeAnswer.ConfigFaulty, !outcome.Faults.IsEmpty);
    }

    [Fact]
    public void Old_and_new_rates_must_fit_side_by_side()
    {
        var before = Of(Random("a") with { ContributionRate = new PartsPerMillion(900_000) }, Random("b"));
        var after = Of(Random("a"), Random("b") with { ContributionRate = new PartsPerMillion(900_000) });
        var fault = Assert.Single(ChangeRules.Step(ConfigChange.Draft(before, after, "anna", "why"), ChangeStep.Propose, "anna").Faults);
        Assert.Equal(ConfigFaultKind.RatesAboveWhole, fault.Kind);
    }
}
