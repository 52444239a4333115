using Jackpot.Core.Payouts;

namespace Jackpot.Shard.Payouts;

/// <summary>What a wallet said, and why, for people to read; empty when it did what it was asked.</summary>
internal readonly record struct WalletAnswer(WalletReply Reply, string Why = "")
{
    /// <summary>In doubt, but it is certain that nothing of this call reached the wallet.</summary>
    public bool NothingWasSent { get; init; }

    /// <summary>In doubt, because the wallet answered about something else or in a way that nobody knows.</summary>
    public bool IsStrange { get; init; }

    public static readonly WalletAnswer Done = new(WalletReply.Done);

    public static readonly WalletAnswer NotFound = new(WalletReply.NotFound, "the wallet knows no such transaction");

    public static WalletAnswer Refused(string why) => new(WalletReply.Refused, why);

    public static WalletAnswer InDoubt(string why) => new(WalletReply.InDoubt, why);
}
