using Jackpot.Core.Payouts;

namespace Jackpot.Core.Tests.Payouts;

public sealed class PayoutSagaTests
{
    const int Early = 1;
    const int Last = PayoutRetries.LooksMax;

    [Theory]
    [InlineData(PayoutState.Sharing, SagaStepKind.Wait)]
    [InlineData(PayoutState.Requested, SagaStepKind.Check)]
    [InlineData(PayoutState.Crediting, SagaStepKind.Query)]
    [InlineData(PayoutState.Held, SagaStepKind.End)]
    [InlineData(PayoutState.Credited, SagaStepKind.End)]
    [InlineData(PayoutState.PaidOutside, SagaStepKind.End)]
    [InlineData(PayoutState.Forfeited, SagaStepKind.End)]
    [InlineData(PayoutState.RolledBack, SagaStepKind.End)]
    public void A_saga_begins_where_its_row_stands_and_asks_before_it_sends_again(PayoutState state, SagaStepKind first) =>
        Assert.Equal(new SagaStep(first), PayoutSaga.Begin(state));

    public static TheoryData<WalletReply, int, bool, SagaStep> Queries => new()
    {
        { WalletReply.Done, Early, true, SagaStepKind.Close },
        { WalletReply.Done, Last, false, SagaStepKind.Close },
        { WalletReply.Refused, Early, true, SagaStep.Hold(HoldCause.WalletRefused) },
        { WalletReply.Refused, Last, false, SagaStep.Hold(HoldCause.WalletRefused) },
        { WalletReply.InDoubt, Early, true, SagaStepKind.Wait },
        { WalletReply.InDoubt, Last - 1, false, SagaStepKind.Wait },
        { WalletReply.InDoubt, Last, true, SagaStep.Hold(HoldCause.WalletInDoubt) },
        { WalletReply.InDoubt, Last, false, SagaStep.Hold(HoldCause.WalletInDoubt) },
        { WalletReply.NotFound, Early, true, SagaStepKind.Check },
        { WalletReply.NotFound, Last, true, SagaStepKind.Check },
        { WalletReply.NotFound, Early, false, SagaStep.Hold(HoldCause.WalletForgot) },
        { WalletReply.NotFound, Last, false, SagaStep.Hold(HoldCause.WalletForgot) },
    };

    [Theory]
    [MemberData(nameof(Queries))]
    public void A_wallet_that_knows_nothing_gets_the_credit_again_only_when_it_applies_an_id_once(WalletReply reply, int looks, bool appliesIdsOnce, SagaStep next) =>
        Assert.Equal(next, PayoutSaga.AfterQuery(reply, looks, appliesIdsOnce));

    public static TheoryData<WalletReply, int, SagaStep> Credits => new()
    {
        { WalletReply.Done, Early, SagaStepKind.Close },
        { WalletReply.Done, Last, SagaStepKind.Close },
        { WalletReply.Refused, Early, SagaStep.Hold(HoldCause.WalletRefused) },
        { WalletReply.Refused, Last, SagaStep.Hold(HoldCause.WalletRefused) },
        { WalletReply.InDoubt, Early, SagaStepKind.Wait },
        { WalletReply.InDoubt, Last - 1, SagaStepKind.Wait },
        { WalletReply.InDoubt, Last, SagaStep.Hold(HoldCause.WalletInDoubt) },
    };

    [Theory]
    [MemberData(nameof(Credits))]
    public void A_credit_ends_paid_held_or_in_doubt_and_doubt_ends_with_people(WalletReply reply, int looks, SagaStep next) =>
        Assert.Equal(next, PayoutSaga.AfterCredit(reply, looks));

    [Fact]
    public void Only_a_query_can_find_nothing() => Assert.Throws<ArgumentOutOfRangeException>(() => PayoutSaga.AfterCredit(WalletReply.NotFound, Early));

    [Theory]
    [InlineData(false, 100L, null, false, SagaStepKind.Credit, null)]
    [InlineData(false, 100L, 100L, false, SagaStepKind.Credit, null)]
    [InlineData(false, 101L, 100L, false, SagaStepKind.Hold, HoldCause.LargeAward)]
    [InlineData(false, 101L, 100L, true, SagaStepKind.Credit, null)]
    [InlineData(true, 100L, null, false, SagaStepKind.Hold, HoldCause.CheckFailed)]
    [InlineData(true, 101L, 100L, true, SagaStepKind.Hold, HoldCause.CheckFailed)]
    public void No_cent_moves_against_a_check_or_above_the_limit_without_two_people(
        bool failed, long amount, long? holdAbove, bool signedOff, SagaStepKind next, HoldCause? cause) =>
        Assert.Equal(new SagaStep(next, cause), PayoutSaga.AfterChecks(failed, amount, holdAbove, signedOff));

    [Fact]
    public void Only_what_a_wallet_left_open_stays_in_doubt()
    {
        var doubtful = Enum.GetValues<HoldCause>().Where(PayoutSaga.LeavesDoubt);
        Assert.Equal([HoldCause.WalletInDoubt, HoldCause.WalletForgot], doubtful);
    }
}
