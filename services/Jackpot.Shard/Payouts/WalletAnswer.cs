namespace Jackpot.Shard.Payouts;

/// <summary>What a wallet said: the three results of any remote call, and for a query also that it has never heard of the payout.</summary>
internal abstract record WalletAnswer
{
    /// <summary>The winner has the money.</summary>
    public sealed record Done : WalletAnswer;

    /// <summary>The wallet will not pay; staff decide.</summary>
    public sealed record Refused(string Reason) : WalletAnswer;

    /// <summary>It may have paid or not. Asked by id before anything is tried again.</summary>
    public sealed record InDoubt(string Why) : WalletAnswer;

    /// <summary>Only of a query: the wallet knows no such transaction.</summary>
    public sealed record NotFound : WalletAnswer;
}
