using Jackpot.Core.Payouts;

namespace Jackpot.Core.Tests.Payouts;

public sealed class HeldPayoutRulesTests
{
    [Theory]
    [InlineData(HeldAction.Resume, HeldAnswer.Done, HeldAnswer.Done)]
    [InlineData(HeldAction.Reroute, HeldAnswer.Done, HeldAnswer.InDoubt)]
    [InlineData(HeldAction.NotPaid, HeldAnswer.NothingInDoubt, HeldAnswer.Done)]
    [InlineData(HeldAction.PaidOutside, HeldAnswer.Done, HeldAnswer.Done)]
    [InlineData(HeldAction.Forfeit, HeldAnswer.Done, HeldAnswer.InDoubt)]
    [InlineData(HeldAction.RollBack, HeldAnswer.Done, HeldAnswer.InDoubt)]
    public void Money_that_may_have_been_credited_goes_nowhere_else(HeldAction action, HeldAnswer withoutDoubt, HeldAnswer inDoubt)
    {
        Assert.Equal(withoutDoubt, HeldPayoutRules.Check(PayoutState.Held, inDoubt: false, Complete(action)));
        Assert.Equal(inDoubt, HeldPayoutRules.Check(PayoutState.Held, inDoubt: true, Complete(action)));
    }

    [Fact]
    public void Only_a_held_payout_takes_orders()
    {
        foreach (var state in Enum.GetValues<PayoutState>().Where(state => state != PayoutState.Held))
        {
            Assert.All(Enum.GetValues<HeldAction>(), action => Assert.Equal(HeldAnswer.NotHeld, HeldPayoutRules.Check(state, inDoubt: false, Complete(action))));
        }
    }

    [Theory]
    [InlineData(HeldAction.Reroute, HeldAnswer.EvidenceMissing)]
    [InlineData(HeldAction.NotPaid, HeldAnswer.EvidenceMissing)]
    [InlineData(HeldAction.PaidOutside, HeldAnswer.EvidenceMissing)]
    [InlineData(HeldAction.Forfeit, HeldAnswer.EvidenceMissing)]
    [InlineData(HeldAction.Resume, HeldAnswer.Done)]
    [InlineData(HeldAction.RollBack, HeldAnswer.Done)]
    public void What_money_outside_the_wallet_rests_on_is_evidence(HeldAction action, HeldAnswer without) =>
        Assert.Equal(without, HeldPayoutRules.Check(PayoutState.Held, inDoubt: action == HeldAction.NotPaid, Complete(action) with { Evidence = " " }));

    [Fact]
    public void Another_account_and_a_third_party_are_named()
    {
        Assert.Equal(HeldAnswer.AccountMissing, HeldPayoutRules.Check(PayoutState.Held, inDoubt: false, Complete(HeldAction.Reroute) with { Account = null }));
        Assert.Equal(HeldAnswer.BeneficiaryMissing, HeldPayoutRules.Check(PayoutState.Held, inDoubt: false, Complete(HeldAction.Forfeit) with { Beneficiary = "" }));
    }

    [Theory]
    [InlineData(HeldAction.Resume, false, PayoutState.Requested)]
    [InlineData(HeldAction.Resume, true, PayoutState.Crediting)]
    [InlineData(HeldAction.Reroute, false, PayoutState.Requested)]
    [InlineData(HeldAction.NotPaid, true, PayoutState.Held)]
    [InlineData(HeldAction.PaidOutside, false, PayoutState.PaidOutside)]
    [InlineData(HeldAction.PaidOutside, true, PayoutState.PaidOutside)]
    [InlineData(HeldAction.Forfeit, false, PayoutState.Forfeited)]
    [InlineData(HeldAction.RollBack, false, PayoutState.RolledBack)]
    public void A_credit_in_doubt_goes_on_with_a_question(HeldAction action, bool inDoubt, PayoutState after) =>
        Assert.Equal(after, HeldPayoutRules.After(action, inDoubt));

    static HeldOrder Complete(HeldAction action) => new(action, "letter 17", "tenant/player", "public fund");
}
