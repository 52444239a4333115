using System.Diagnostics;
using Jackpot.Wallets.Mapping;
using Jackpot.Wallets.Transactions;
using static Jackpot.Wallets.Conformance.CheckedWallet;

namespace Jackpot.Wallets.Conformance;

/// <summary>
/// Does to a wallet what networks, processes and strangers will do to it, and looks at the player's balance: that is where money is lost or doubled.
/// Each check has ids of its own and begins from the balance that it finds, so that one that fails spoils no other.
/// </summary>
public sealed class ConformanceRun
{
    /// <summary>At once, of the same credit.</summary>
    const int AtOnce = 10;

    const int TimedCredits = 40;

    /// <summary>900,719,925,474.03 has more digits than a float, and more cents than 32 bits hold.</summary>
    const long HugeMicros = 900_719_925_474_030_000;

    static readonly string[] NeededForRepeats = [Names.Replay, Names.AtOnce, Names.TimeOutAfterCredit];

    readonly CheckedWallet _wallet;
    readonly List<CheckResult> _results = [];
    bool _isOutOfReach;

    ConformanceRun(CheckedWallet wallet) => _wallet = wallet;

    /// <summary>The checks by name; a report has them in this order.</summary>
    public static class Names
    {
        public const string Credit = "credit";
        public const string Status = "status";
        public const string Replay = "replay";
        public const string AtOnce = "repeated-at-once";
        public const string OtherBody = "id-used-again";
        public const string TimeOutAfterCredit = "time-out-after-credit";
        public const string TimeOutAfterDebit = "time-out-after-debit";
        public const string DebitTooMuch = "debit-of-too-much";
        public const string Cancel = "cancel";
        public const string CancelFirst = "out-of-order-cancel";
        public const string Batch = "batch";
        public const string DuplicateItem = "duplicate-batch-item";
        public const string PartialBatch = "partial-batch";
        public const string CancelBatch = "cancel-batch";
        public const string Huge = "huge-amounts";
        public const string Reasons = "refusal-reasons";
        public const string WrongSignature = "wrong-signature";
        public const string ClockSkew = "clock-skew";
        public const string ReplayedRequest = "replayed-request";
        public const string SignedAnswers = "signed-answers";
        public const string SlowAnswer = "slow-answer";
    }

    public static async Task<ConformanceReport> RunAsync(ConformancePlan plan, TimeProvider clock)
    {
        using var wallet = new CheckedWallet(plan with { Operator = ConformancePlan.Patient(plan.Operator) });
        var run = new ConformanceRun(wallet);
        await run.AllAsync();
        return new ConformanceReport(
            plan.Operator.BaseUrl.AbsoluteUri, plan.Operator.Mapping.Name, clock.GetUtcNow(), run._results.TrueForAll(result => result.Verdict != Verdict.Failed),
            NeededForRepeats.All(name => run._results.Exists(result => result.Check == name && result.Verdict == Verdict.Passed)), [.. run._results]);
    }

    async Task AllAsync()
    {
        await CheckAsync(Names.Credit, "A credit is done, and the player has so much more.", CreditAsync);
        _isOutOfReach = _results[0].Verdict == Verdict.Failed && await _wallet.IsOutOfReachAsync();
        await CheckAsync(Names.Status, "What was done is known by its id, and what never came is not.", StatusAsync);
        await CheckAsync(Names.Replay, "A credit that comes again gets the first answer, and moves nothing.", ReplayAsync);
        await CheckAsync(Names.AtOnce, "The same credit ten times at once moves money once.", AtOnceAsync);
        await CheckAsync(Names.OtherBody, "An id that comes with another amount is not done.", OtherBodyAsync);
        await CheckAsync(Names.TimeOutAfterCredit, "A credit whose caller hangs up is known by its id, and moves money once when it is sent again.", () => HangUpAsync(_wallet.Credit(), 1));
        await CheckAsync(Names.TimeOutAfterDebit, "A debit whose caller hangs up is known by its id, and moves money once when it is sent again.", () => HangUpAsync(_wallet.Debit(), -1), WalletOperation.Debit);
        await CheckAsync(Names.DebitTooMuch, "A debit that is larger than the balance is refused and takes nothing.", DebitTooMuchAsync, WalletOperation.Debit);
        await CheckAsync(Names.Cancel, "A debit is taken back once, however often that is asked.", CancelAsync, WalletOperation.Debit, WalletOperation.Cancel);
        await CheckAsync(Names.CancelFirst, "A debit that comes after its cancellation takes nothing.", CancelFirstAsync, WalletOperation.Debit, WalletOperation.Cancel);
        await CheckAsync(Names.Batch, "Every credit of a batch is done, and done once when the batch comes again.", BatchAsync, WalletOperation.CreditBatch);
        await CheckAsync(Names.DuplicateItem, "A credit that stands twice in a batch moves money once.", DuplicateItemAsync, WalletOperation.CreditBatch);
        await CheckAsync(Names.PartialBatch, "A credit that is refused stops no other of its batch.", PartialBatchAsync, WalletOperation.CreditBatch);
        await CheckAsync(Names.CancelBatch, "Every debit of a batch is taken back, also one that never came.", CancelBatchAsync, WalletOperation.Debit, WalletOperation.CancelBatch);
        await CheckAsync(Names.Huge, "An amount of fourteen digits is booked, and told, to the last one.", HugeAsync);
        await CheckAsync(Names.Reasons, "A refusal says why, and moves nothing.", ReasonsAsync);
        await CheckAsync(Names.WrongSignature, "What is not signed with the agreed key, or was changed on its way, is refused.", WrongSignatureAsync);
        await CheckAsync(Names.ClockSkew, "What was signed by a clock that is ten minutes off is refused.", ClockSkewAsync);
        await CheckAsync(Names.ReplayedRequest, "A request that was sent before, signature and all, is refused.", ReplayedRequestAsync);
        await CheckAsync(Names.SignedAnswers, "Answers are signed, each for its own request.", SignedAnswersAsync);
        await CheckAsync(Names.SlowAnswer, $"Nineteen of twenty answers come within {_wallet.Plan.AnswerTimeMax.TotalMilliseconds:0} ms.", SlowAnswerAsync);
    }

    async Task CheckAsync(string name, string asks, Func<Task> check, params WalletOperation[] needed)
    {
        var (verdict, seen) = (Verdict.Passed, "");
        try
        {
            var missing = needed.Where(operation => !_wallet.Plan.Operator.Mapping.Operations.ContainsKey(operation)).ToArray();
            await (_isOutOfReach ? throw new NotCheckedException("the wallet cannot be reached") : missing.Length == 0 ? check() : throw new NotCheckedException($"the mapping has no {string.Join(", ", missing)}"));
        }
        catch (NotCheckedException e)
        {
            (verdict, seen) = (Verdict.Skipped, e.Message);
        }
        catch (NotConformingException e)
        {
            (verdict, seen) = (Verdict.Failed, e.Message);
        }
        finally
        {
            _wallet.Wire.Next = Tampering.None;
        }

        _results.Add(new CheckResult(name, asks, verdict, seen));
    }

    Task<WalletAnswer> ApplyAsync(WalletTransaction transaction) => _wallet.Wallet.ApplyAsync(transaction, default);

    async Task CreditAsync()
    {
        var (before, credit) = (await _wallet.BalanceAsync(), _wallet.Credit());
        Is<WalletAnswer.Done>(await ApplyAsync(credit), "a credit");
        await _wallet.ChangedByAsync(before, credit.Amount.Micros, "it");
    }

    async Task StatusAsync()
    {
        var (credit, other) = (_wallet.Credit(), _wallet.Credit());
        Is<WalletAnswer.Done>(await ApplyAsync(credit), "a credit");
        Is<WalletAnswer.Done>(await _wallet.Wallet.StatusAsync(credit, default), "the question for it");
        Is<WalletAnswer.Unknown>(await _wallet.Wallet.StatusAsync(other, default), "the question for one that never came");
    }

    async Task ReplayAsync()
    {
        var (before, credit) = (await _wallet.BalanceAsync(), _wallet.Credit());
        for (var i = 0; i < 3; i++)
        {
            Is<WalletAnswer.Done>(await ApplyAsync(credit), $"delivery {i + 1} of a credit");
        }

        await _wallet.ChangedByAsync(before, credit.Amount.Micros, "three deliveries of one credit");
    }

    async Task AtOnceAsync()
    {
        var (before, credit) = (await _wallet.BalanceAsync(), _wallet.Credit());
        var answers = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => ApplyAsync(credit)));
        Is<WalletAnswer.Done>(Array.Find(answers, answer => answer is WalletAnswer.Refused) ?? new WalletAnswer.Done(), "one of ten deliveries at once");
        Is<WalletAnswer.Done>(await _wallet.OutcomeAsync(credit), "the question for it");
        await _wallet.ChangedByAsync(before, credit.Amount.Micros, "ten deliveries at once");
    }

    async Task OtherBodyAsync()
    {
        var (before, credit) = (await _wallet.BalanceAsync(), _wallet.Credit());
        Is<WalletAnswer.Done>(await ApplyAsync(credit), "a credit");
        var answer = await ApplyAsync(credit with { Amount = credit.Amount + credit.Amount });
        if (answer is WalletAnswer.Done)
        {
            throw new NotConformingException("the same id with twice the amount was answered with done");
        }

        await _wallet.ChangedByAsync(before, credit.Amount.Micros, "one id with two amounts");
    }

    async Task HangUpAsync(WalletTransaction transaction, int sign)
    {
        await _wallet.FundAsync(transaction.Amount.Micros);
        var before = await _wallet.BalanceAsync();
        _wallet.Wire.Next = Tampering.HangUp;
        Is<WalletAnswer.InDoubt>(await ApplyAsync(transaction), "a call that hung up");
        if (!_wallet.Wire.WasSent)
        {
            throw new NotCheckedException("the request could not be sent to its end");
        }

        // A wallet may drop what nobody waits for, as long as it then says so; but not both pay and deny.
        var outcome = await _wallet.OutcomeAsync(transaction);
        var moved = await _wallet.BalanceAsync() - before;
        if (outcome is WalletAnswer.Unknown or WalletAnswer.InDoubt && moved != 0)
        {
            throw new NotConformingException($"the money moved, but the question for it was answered with {Shown(outcome)}");
        }

        Is<WalletAnswer.Done>(await ApplyAsync(transaction), "the same call sent again");
        Is<WalletAnswer.Done>(await _wallet.Wallet.StatusAsync(transaction, default), "the question for it");
        await _wallet.ChangedByAsync(before, sign * transaction.Amount.Micros, "it");
    }

    async Task DebitTooMuchAsync()
    {
        var before = await _wallet.BalanceAsync();
        Is<WalletAnswer.Refused>(await ApplyAsync(_wallet.Debit(before + 1_000_000_000)), "a debit of more than there is");
        await _wallet.ChangedByAsync(before, 0, "it");
    }

    async Task CancelAsync()
    {
        var debit = _wallet.Debit();
        await _wallet.FundAsync(debit.Amount.Micros);
        var before = await _wallet.BalanceAsync();
        Is<WalletAnswer.Done>(await ApplyAsync(debit), "a debit");
        Is<WalletAnswer.Done>(await _wallet.Wallet.CancelAsync(debit, default), "its cancellation");
        Is<WalletAnswer.Done>(await _wallet.Wallet.CancelAsync(debit, default), "its second cancellation");
        await _wallet.ChangedByAsync(before, 0, "a debit that was taken back");
    }

    async Task CancelFirstAsync()
    {
        var debit = _wallet.Debit();
        await _wallet.FundAsync(debit.Amount.Micros);
        var before = await _wallet.BalanceAsync();
        Is<WalletAnswer.Done>(await _wallet.Wallet.CancelAsync(debit, default), "a cancellation before its debit");
        if (await ApplyAsync(debit) is WalletAnswer.Done)
        {
            throw new NotConformingException("a debit after its cancellation was answered with done");
        }

        await _wallet.ChangedByAsync(before, 0, "a debit after its cancellation");
    }

    async Task BatchAsync()
    {
        var (before, credits) = (await _wallet.BalanceAsync(), Enumerable.Range(1, 5).Select(i => _wallet.Credit(i * 1_000_000L)).ToArray());
        for (var i = 0; i < 2; i++)
        {
            foreach (var answer in await _wallet.Wallet.CreditBatchAsync($"check-{_wallet.Plan.RunId}-batch", credits, default))
            {
                Is<WalletAnswer.Done>(answer, $"a credit in delivery {i + 1} of a batch");
            }
        }

        await _wallet.ChangedByAsync(before, credits.Sum(credit => credit.Amount.Micros), "two deliveries of a batch");
    }

    async Task DuplicateItemAsync()
    {
        var (before, credit, other) = (await _wallet.BalanceAsync(), _wallet.Credit(), _wallet.Credit());
        await _wallet.Wallet.CreditBatchAsync($"check-{_wallet.Plan.RunId}-twice", [credit, credit, other], default);
        Is<WalletAnswer.Done>(await _wallet.OutcomeAsync(credit), "the question for the credit that stood twice");
        Is<WalletAnswer.Done>(await _wallet.OutcomeAsync(other), "the question for the other credit");
        await _wallet.ChangedByAsync(before, credit.Amount.Micros + other.Amount.Micros, "a batch with a credit that stood twice");
    }

    async Task PartialBatchAsync()
    {
        var closed = _wallet.Plan.ClosedPlayer ?? throw new NotCheckedException("there is no closed player to refuse (--closed-player)");
        var (before, credits) = (await _wallet.BalanceAsync(), new[] { _wallet.Credit(), _wallet.Credit(player: closed), _wallet.Credit() });
        var answers = await _wallet.Wallet.CreditBatchAsync($"check-{_wallet.Plan.RunId}-partial", credits, default);
        Is<WalletAnswer.Done>(answers[0], "the credit before the one of a closed player");
        Is<WalletAnswer.Refused>(answers[1], "the credit of a closed player");
        Is<WalletAnswer.Done>(answers[2], "the credit after the one of a closed player");
        await _wallet.ChangedByAsync(before, credits[0].Amount.Micros + credits[2].Amount.Micros, "the batch");
    }

    async Task CancelBatchAsync()
    {
        var (debit, never) = (_wallet.Debit(), _wallet.Debit());
        await _wallet.FundAsync(debit.Amount.Micros + never.Amount.Micros);
        var before = await _wallet.BalanceAsync();
        Is<WalletAnswer.Done>(await ApplyAsync(debit), "a debit");
        foreach (var answer in await _wallet.Wallet.CancelBatchAsync($"check-{_wallet.Plan.RunId}-cancel", [debit, never], default))
        {
            Is<WalletAnswer.Done>(answer, "a cancellation in a batch");
        }

        await _wallet.ChangedByAsync(before, 0, "debits that were taken back");
    }

    async Task HugeAsync()
    {
        var (before, credit) = (await _wallet.BalanceAsync(), _wallet.Credit(HugeMicros));
        Is<WalletAnswer.Done>(await ApplyAsync(credit), $"a credit of {credit.Amount}");
        await _wallet.ChangedByAsync(before, credit.Amount.Micros, "it");
        Is<WalletAnswer.Done>(await ApplyAsync(_wallet.Debit(credit.Amount.Micros)), "a debit of as much");
    }

    async Task ReasonsAsync()
    {
        var closed = _wallet.Plan.ClosedPlayer ?? throw new NotCheckedException("there is no closed player to refuse (--closed-player)");
        var answer = await ApplyAsync(_wallet.Credit(player: closed));
        Is<WalletAnswer.Refused>(answer, "a credit to a closed player");
        if (answer is WalletAnswer.Refused(var reason) && (reason == "no_reason_given" || reason.StartsWith("http_", StringComparison.Ordinal)))
        {
            throw new NotConformingException($"a credit to a closed player was refused without a word of why ({reason})");
        }
    }

    async Task WrongSignatureAsync()
    {
        RequireSignatures();
        var (before, settings) = (await _wallet.BalanceAsync(), _wallet.Plan.Operator with { AnswersAreSigned = false });
        using var stranger = _wallet.Open(settings, TimeProvider.System, "not the secret of this key");
        using var nobody = _wallet.Open(settings with { KeyId = null }, TimeProvider.System);
        using var us = _wallet.Open(settings, TimeProvider.System);
        await NotDoneAsync(stranger, "a credit that is signed with another secret");
        await NotDoneAsync(nobody, "a credit that is not signed");
        _wallet.Wire.Next = Tampering.ChangeBody;
        await NotDoneAsync(us, "a credit that was changed on its way");
        await _wallet.ChangedByAsync(before, 0, "what was not signed as agreed");
    }

    async Task ClockSkewAsync()
    {
        RequireSignatures();
        var (before, settings) = (await _wallet.BalanceAsync(), _wallet.Plan.Operator with { AnswersAreSigned = false });
        foreach (var minutes in (int[])[-10, 10])
        {
            using var wrong = _wallet.Open(settings, new ShiftedClock(TimeSpan.FromMinutes(minutes)));
            await NotDoneAsync(wrong, $"a credit that was signed {minutes} minutes from now");
        }

        await _wallet.ChangedByAsync(before, 0, "what was signed by a wrong clock");
    }

    async Task NotDoneAsync(Operators.OperatorWallet wallet, string what)
    {
        if (await wallet.ApplyAsync(_wallet.Credit(), default) is WalletAnswer.Done)
        {
            throw new NotConformingException($"{what} was answered with done");
        }
    }

    async Task ReplayedRequestAsync()
    {
        RequireSignatures();
        using var us = _wallet.Open(_wallet.Plan.Operator with { AnswersAreSigned = false }, TimeProvider.System);
        _wallet.Wire.Next = Tampering.SendTwice;
        if (await us.ApplyAsync(_wallet.Credit(), default) is WalletAnswer.Done)
        {
            throw new NotConformingException("the second delivery of a signed request was answered with done");
        }
    }

    async Task SignedAnswersAsync()
    {
        RequireSignatures();
        using var strict = _wallet.Open(_wallet.Plan.Operator with { AnswersAreSigned = true }, TimeProvider.System);
        Is<WalletAnswer.Done>(await strict.ApplyAsync(_wallet.Credit(), default), "a credit whose answer must be signed");
    }

    void RequireSignatures()
    {
        if (_wallet.Plan.Operator.KeyId is null)
        {
            throw new NotCheckedException("no key is agreed on (--key-id, JACKPOT_WALLET_SECRET), so that nothing is signed");
        }
    }

    async Task SlowAnswerAsync()
    {
        var times = new List<TimeSpan>();
        for (var i = 0; i < TimedCredits; i++)
        {
            var from = Stopwatch.GetTimestamp();
            Is<WalletAnswer.Done>(await ApplyAsync(_wallet.Credit(1_000_000)), "a credit");
            times.Add(Stopwatch.GetElapsedTime(from));
        }

        var late = times.Order().ElementAt(TimedCredits * 19 / 20);
        if (late > _wallet.Plan.AnswerTimeMax)
        {
            throw new NotConformingException($"one of twenty took {late.TotalMilliseconds:0} ms or longer");
        }
    }
}
