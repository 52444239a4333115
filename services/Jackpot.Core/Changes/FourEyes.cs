namespace Jackpot.Core.Changes;

/// <summary>Who may decide what another person wrote (R20).</summary>
public static class FourEyes
{
    /// <summary>Approving and rejecting takes another person than the author, withdrawing the author. <see cref="ChangeAnswer.Done"/> when it is right.</summary>
    public static ChangeAnswer Check(ChangeStep step, string author, string person) => step switch
    {
        ChangeStep.Approve or ChangeStep.Reject when IsSame(author, person) => ChangeAnswer.SamePerson,
        ChangeStep.Withdraw when !IsSame(author, person) => ChangeAnswer.NotTheAuthor,
        _ => ChangeAnswer.Done,
    };

    // Anna is anna: another spelling is not another pair of eyes.
    static bool IsSame(string author, string person) => string.Equals(author.Trim(), person.Trim(), StringComparison.OrdinalIgnoreCase);
}
