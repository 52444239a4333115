using System.Globalization;
using Jackpot.Core.Amounts;
using Jackpot.Wallets.Operators;
using Jackpot.Wallets.Transactions;

namespace Jackpot.Wallets.Conformance;

/// <summary>A wallet did something that it must not, or did not do what it must.</summary>
sealed class NotConformingException(string seen) : Exception(seen);

/// <summary>Something that a check needs is not there.</summary>
sealed class NotCheckedException(string why) : Exception(why);

/// <summary>The wallet under test with the questions that checks have in common.</summary>
sealed class CheckedWallet(ConformancePlan plan) : IDisposable
{
    int _ids;

    public ConformancePlan Plan => plan;

    public TamperingHandler Wire { get; } = new();

    public OperatorWallet Wallet => field ??= Open(plan.Operator, TimeProvider.System);

    public OperatorWallet Open(OperatorSettings settings, TimeProvider clock, string? secret = null) =>
        new(settings, (_, _) => ValueTask.FromResult(secret ?? plan.Secret ?? throw new InvalidOperationException("There is no secret.")), clock, Wire);

    public WalletTransaction Credit(long micros = 12_340_000, string? player = null, string? currency = null) => New(TransactionType.Credit, micros, player, currency);

    public WalletTransaction Debit(long micros = 12_340_000) => New(TransactionType.Debit, micros, null, null);

    WalletTransaction New(TransactionType type, long micros, string? player, string? currency)
    {
        var code = Currency.Parse(currency ?? plan.Currency.Code);
        var (number, whole) = (Interlocked.Increment(ref _ids), micros - micros % code.MinorUnitMicros);
        var id = string.Create(CultureInfo.InvariantCulture, $"check-{plan.RunId}-{number}");
        return new WalletTransaction(type, TransactionIds.Fit(id, Wallet.Ids), plan.Operator.Tenant, player ?? plan.Player, new Money(Math.Max(whole, code.MinorUnitMicros), code))
        {
            GameId = "conformance", RoundId = $"round-{plan.RunId}-{number}", ContributionId = $"bet-{plan.RunId}-{number}",
            WinType = type == TransactionType.Credit ? "jackpot" : null, JackpotId = "conformance", JackpotName = "Conformance", Tier = "mini",
            AwardId = type == TransactionType.Credit ? $"award-{plan.RunId}-{number}" : null,
        };
    }

    public async Task<long> BalanceAsync() => await Wallet.BalanceAsync(plan.Operator.Tenant, plan.Player, plan.Currency, default) switch
    {
        WalletReading<Money>.Read(var balance) => balance.Micros,
        WalletReading<Money>.Refused(var reason) => throw new NotConformingException($"the balance was refused: {reason}"),
        WalletReading<Money>.NotRead(var why) => throw new NotConformingException($"the balance could not be read: {why}"),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>Whether nothing that is sent arrives, so that no check could tell anything.</summary>
    public async Task<bool> IsOutOfReachAsync() => await Wallet.StatusAsync(Credit(), default) is WalletAnswer.InDoubt { MayHaveArrived: false };

    /// <summary>Puts money there for debits; how that is answered is no part of the check.</summary>
    public async Task FundAsync(long micros) => Is<WalletAnswer.Done>(await Wallet.ApplyAsync(Credit(micros), default), "a credit for the debits that follow");

    public static void Is<T>(WalletAnswer answer, string of)
        where T : WalletAnswer
    {
        if (answer is not T)
        {
            throw new NotConformingException($"{of} was answered with {Shown(answer)}");
        }
    }

    public static string Shown(WalletAnswer answer) => answer switch
    {
        WalletAnswer.Done => "done",
        WalletAnswer.Refused(var reason) => $"refused: {reason}",
        WalletAnswer.InDoubt(var why) => $"no answer that counts: {why}",
        _ => "unknown",
    };

    /// <summary>Fails unless the balance is what it was and so much more.</summary>
    public async Task ChangedByAsync(long before, long micros, string what)
    {
        var changed = await BalanceAsync() - before;
        if (changed != micros)
        {
            throw new NotConformingException($"{what} changed the balance by {AmountText.Format(changed)} in place of {AmountText.Format(micros)}");
        }
    }

    /// <summary>What became of a call without an answer, asked by id until it is known or the time is up.</summary>
    public async Task<WalletAnswer> OutcomeAsync(WalletTransaction transaction)
    {
        var until = DateTimeOffset.UtcNow + plan.OutcomeWithin;
        while (true)
        {
            var answer = await Wallet.StatusAsync(transaction, default);
            if (answer is WalletAnswer.Done or WalletAnswer.Refused || DateTimeOffset.UtcNow > until)
            {
                return answer;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100));
        }
    }

    public void Dispose()
    {
        Wallet.Dispose();
        Wire.Dispose();
    }
}

/// <summary>A clock that is wrong by so much.</summary>
sealed class ShiftedClock(TimeSpan by) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + by;
}
