using Jackpot.Core.Changes;
using Jackpot.Core.Pools;
using Jackpot.Ledger.Jackpots;
using Jackpot.Shard.Admin;
using Jackpot.Shard.Jackpots;
using Jackpot.Shard.Problems;

namespace Jackpot.Shard.Changes;

/// <summary>Why a step of a change is refused: what the rules say of the change, then what the jackpot says of it.</summary>
internal static class ChangeRefusals
{
    public static readonly Refused Unknown = new(Refusal.NotFound, "no change of that number is here");

    public static readonly Refused Over = new(Refusal.JackpotOver, "a decommissioned jackpot keeps its last terms");

    /// <summary>Null when the step may be taken.</summary>
    public static Refused? Of(ChangeOutcome outcome, StoredChange change, ChangeStep step, LoadedJackpot jackpot) =>
        OfRules(outcome, change, step) ?? (step is ChangeStep.Propose or ChangeStep.Approve ? OfJackpot(change, step, jackpot) : null);

    static Refused? OfRules(ChangeOutcome outcome, StoredChange change, ChangeStep step) => outcome.Answer switch
    {
        ChangeAnswer.WrongStatus => new(Refusal.NotInThisState,
            $"change {change.Id} is {StoredChange.WordOf(change.Status)}; {Word(step)} does not follow from there"),
        ChangeAnswer.SameStaffUser => new(Refusal.SameStaffUser, "whoever wrote a change does not decide it; another staff user approves or rejects it, the author withdraws it"),
        ChangeAnswer.NotTheAuthor => new(Refusal.NotTheAuthor, "only its author withdraws a change; anybody else rejects it once it is proposed"),
        ChangeAnswer.StaffUserMissing => new(Refusal.StaffUserInvalid, "the step needs a staff user"),
        ChangeAnswer.ReasonMissing => new(Refusal.FieldMissing, "the change has no reason"),
        ChangeAnswer.NothingChanged => new(Refusal.NothingChanged, "'after' is what was in force when the change was written"),
        _ when step == ChangeStep.Propose => OfTerms(outcome, change),
        _ => null,
    };

    static Refused? OfTerms(ChangeOutcome outcome, StoredChange change)
    {
        var differences = FixedTerms.Differences(change.Before, change.After);
        if (outcome.Answer == ChangeAnswer.NotChangeable || differences.Count > 0)
        {
            return new Refused(Refusal.NotChangeable,
                string.Join(" ", differences) + " Create another jackpot and transfer this one's money instead.");
        }

        var faults = outcome.Faults.Select(fault => fault.Message).Concat(DefinitionParser.OtherFaults(change.After, change.Before.Shard)).ToList();
        return faults.Count == 0 ? null : new Refused(Refusal.ConfigurationInvalid, string.Join(" ", faults));
    }

    static Refused? OfJackpot(StoredChange change, ChangeStep step, LoadedJackpot jackpot) => jackpot switch
    {
        { State.Status: JackpotStatus.Decommissioned } => Over,
        _ when jackpot.Terms.Version != change.BeforeVersion => Stale(change, jackpot),
        _ when step != ChangeStep.Approve => null,
        { Approved: not null } => new(Refusal.ChangeWaits, "an approved change waits for its pools' next cycles; approve the next one when it is effective"),
        { State.Status: JackpotStatus.Paused } => new(Refusal.JackpotPaused, "a paused jackpot resumes under the terms it was paused with; approve the change once it is resumed"),
        _ => null,
    };

    static Refused Stale(StoredChange change, LoadedJackpot jackpot) => new(Refusal.ChangeStale,
        $"version {change.BeforeVersion} of the terms was in force when this was written, version {jackpot.Terms.Version} is now; since then: "
        + string.Join("; ", TermsDiff.Of(change.Before, jackpot.Terms.Definition)) + ". Write the change again.");

    static string Word(ChangeStep step) => step switch
    {
        ChangeStep.Propose => "proposing",
        ChangeStep.Approve => "approving",
        ChangeStep.Reject => "rejecting",
        ChangeStep.Withdraw => "withdrawing",
        _ => throw new ArgumentOutOfRangeException(nameof(step), step, "Nobody asks for that step."),
    };
}
