using Jackpot.Core.Ids;

namespace Jackpot.Core.Changes;

/// <summary>Who may decide what another staff user wrote (R20).</summary>
public static class FourEyes
{
    /// <summary>Approving and rejecting takes another staff user than the author, withdrawing the author. <see cref="ChangeAnswer.Done"/> when it is right.</summary>
    /// <param name="step">What the staff user wants to do.</param>
    /// <param name="author">As it was stored, by an older release perhaps in another alphabet.</param>
    /// <param name="staffUser">A <see cref="StaffId"/>; anything else is nobody.</param>
    public static ChangeAnswer Check(ChangeStep step, string author, string staffUser) => step switch
    {
        _ when !StaffId.IsValid(staffUser) => ChangeAnswer.StaffUserMissing,
        ChangeStep.Approve when !StaffId.IsValid(Folded(author)) => ChangeAnswer.SameStaffUser,
        ChangeStep.Approve or ChangeStep.Reject when Folded(author) == staffUser => ChangeAnswer.SameStaffUser,
        ChangeStep.Withdraw when Folded(author) != staffUser => ChangeAnswer.NotTheAuthor,
        _ => ChangeAnswer.Done,
    };

    // Older releases took any text as a name. Anna is anna. Who a name with other characters belongs to cannot be known, so that nobody can
    // be told apart from it: such a change is rejected and written anew.
    static string Folded(string author) => author.Trim().ToLowerInvariant();
}
