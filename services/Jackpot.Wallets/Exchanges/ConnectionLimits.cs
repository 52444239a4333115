namespace Jackpot.Wallets.Exchanges;

/// <summary>How much of this process one operator's wallet may hold up, and when it is left alone for a while.</summary>
/// <param name="AtOnceMax">Calls at a time.</param>
/// <param name="WaitingMax">Calls that wait for one of those to end; one more is not sent.</param>
/// <param name="FailuresPercent">Of the calls of <paramref name="Window"/>: from here on no call is sent for <paramref name="Pause"/>, and then one.</param>
/// <param name="LeastCalls">Of so few calls in the window nothing follows.</param>
public sealed record ConnectionLimits(int AtOnceMax, int WaitingMax, int FailuresPercent, TimeSpan Window, int LeastCalls, TimeSpan Pause)
{
    public static readonly ConnectionLimits Usual = new(32, 1_000, 50, TimeSpan.FromSeconds(10), 20, TimeSpan.FromSeconds(3));
}
