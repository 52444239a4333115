using System.Collections.Immutable;
using Jackpot.Core.Amounts;

namespace Jackpot.Wallets.Transactions;

/// <summary>The three results that a remote call has, and for a query also that the wallet has never heard of the transaction.</summary>
public abstract record WalletAnswer
{
    private WalletAnswer()
    {
    }

    /// <summary>The money moved; the answer named our transaction, player, amount and currency.</summary>
    public sealed record Done : WalletAnswer;

    /// <summary>The money did not move, and will not by this call. A person decides.</summary>
    /// <param name="Reason">Somebody else's text: never trusted, cleaned before it is stored.</param>
    public sealed record Refused(string Reason) : WalletAnswer;

    /// <summary>
    /// It may have moved or not: no answer in time, a broken connection, a status that says nothing about the effect (408, 425, 429, 5xx), an
    /// answer that cannot be read, or one about another transaction. Ask by id before anything is sent again.
    /// </summary>
    public sealed record InDoubt(string Why) : WalletAnswer
    {
        /// <summary>
        /// False only when nothing was sent for certain: no connection, the operator's breaker open, too many calls waiting, outside the hours that
        /// the operator allows. Such a call leaves things as they were before it.
        /// </summary>
        public bool MayHaveArrived { get; init; } = true;

        /// <summary>The wallet answered in time, but about something else, or in a way that its description does not know: an alarm for the operator.</summary>
        public bool IsStrange { get; init; }
    }

    /// <summary>Only of a query: the wallet knows no such transaction. It is no promise that a call which is still on its way will not arrive.</summary>
    public sealed record Unknown : WalletAnswer;
}

/// <summary>What a question that moves no money brought.</summary>
public abstract record WalletReading<T>
{
    private WalletReading()
    {
    }

    public sealed record Read(T Value) : WalletReading<T>;

    public sealed record Refused(string Reason) : WalletReading<T>;

    public sealed record NotRead(string Why) : WalletReading<T>;
}

/// <summary>Who a player's token belongs to, as the operator says it.</summary>
public sealed record WalletPlayer(string PlayerId, Currency Currency, string? Jurisdiction, ImmutableArray<string> Segments);
