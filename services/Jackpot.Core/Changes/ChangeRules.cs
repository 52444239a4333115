using System.Collections.Immutable;
using Jackpot.Core.Amounts;
using Jackpot.Core.Ids;
using Jackpot.Core.Pools;
using Jackpot.Core.Validation;

namespace Jackpot.Core.Changes;

/// <summary>The life of a change: written by one staff user, decided by another (R20, R21).</summary>
public static class ChangeRules
{
    /// <summary>Takes one step, or says why not. A refused step leaves the change as it was.</summary>
    public static ChangeOutcome Step(ConfigChange change, ChangeStep step, string staffUser)
    {
        var faults = step == ChangeStep.Propose ? Faults(change) : [];
        var answer = Check(change, step, staffUser, faults);
        return answer == ChangeAnswer.Done
            ? new ChangeOutcome(answer, Done(change, step, staffUser), [])
            : new ChangeOutcome(answer, change, faults);
    }

    static ChangeAnswer Check(ConfigChange change, ChangeStep step, string staffUser, ImmutableArray<ConfigFault> faults) => step switch
    {
        _ when Next(change.Status, step) is null => ChangeAnswer.WrongStatus,
        _ when !StaffId.IsValid(staffUser) => ChangeAnswer.StaffUserMissing,
        _ when string.IsNullOrWhiteSpace(change.Why) => ChangeAnswer.ReasonMissing,
        _ when FourEyes.Check(step, change.Author, staffUser) is var eyes and not ChangeAnswer.Done => eyes,
        ChangeStep.Propose when !change.ChangesMore && change.After == change.Before with { Version = change.After.Version } => ChangeAnswer.NothingChanged,
        ChangeStep.Propose when !TermsInForce.CanBecome(change.Before, change.After) => ChangeAnswer.NotChangeable,
        _ when !faults.IsEmpty => ChangeAnswer.ConfigFaulty,
        _ => ChangeAnswer.Done,
    };

    static ConfigChange Done(ConfigChange change, ChangeStep step, string staffUser) => change with
    {
        Status = Next(change.Status, step)!.Value,
        DecidedBy = step is ChangeStep.Approve or ChangeStep.Reject ? staffUser : change.DecidedBy,
    };

    static ChangeStatus? Next(ChangeStatus status, ChangeStep step) => (status, step) switch
    {
        (ChangeStatus.Draft, ChangeStep.Propose) => ChangeStatus.Proposed,
        (ChangeStatus.Proposed, ChangeStep.Approve) => ChangeStatus.Approved,
        (ChangeStatus.Proposed, ChangeStep.Reject) => ChangeStatus.Rejected,
        (ChangeStatus.Draft or ChangeStatus.Proposed, ChangeStep.Withdraw) => ChangeStatus.Withdrawn,
        (ChangeStatus.Approved, ChangeStep.TakeEffect) => ChangeStatus.Effective,
        _ => null,
    };

    static ImmutableArray<ConfigFault> Faults(ConfigChange change) =>
        [.. JackpotConfigValidator.Validate(change.After), .. RatesMeanwhile(change)];

    // Pools change at their own next cycle, so for a while old and new rates stand side by side; no mixture may take more than the stake.
    static IEnumerable<ConfigFault> RatesMeanwhile(ConfigChange change)
    {
        var most = change.Before.Pools.Concat(change.After.Pools).GroupBy(pool => pool.Id)
            .Sum(terms => (long)terms.Max(pool => pool.ContributionRate.Value + pool.ReserveRate.Value));
        if (most > PartsPerMillion.Whole)
        {
            yield return new ConfigFault(ConfigFaultKind.RatesAboveWhole, null, $"While pools change one after the other, their rates could add up to {most} ppm.");
        }
    }
}
