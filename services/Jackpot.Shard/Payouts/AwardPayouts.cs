using Jackpot.Ledger.Awards;
using Jackpot.Ledger.Loops;
using Jackpot.Shard.Outbox;

namespace Jackpot.Shard.Payouts;

/// <summary>
/// Starts the payouts of awards as soon as the relay has read of them; no broker is asked. An award whose start fails is left to the
/// <see cref="PayoutSweeper"/>, which starts whatever stands still.
/// </summary>
internal sealed class AwardPayouts(DroppedAwards dropped, PayoutStore payouts, PayoutStarter starter, LoopTools tools)
    : HostedLoop(new LoopPlan("award-payouts", TimeSpan.Zero, "the sweeper starts these payouts later") { PassTimeMax = Timeout.InfiniteTimeSpan }, tools)
{
    /// <summary>Longest time for one award: thousands of winners are started within seconds.</summary>
    static readonly TimeSpan StartMax = TimeSpan.FromMinutes(1);

    protected override async Task PassAsync(CancellationToken ct)
    {
        var awardId = await dropped.NextAsync(ct);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(StartMax);
        await StartAsync(awardId, deadline.Token);
    }

    /// <summary>Starts what the tables say has not been started. May run any number of times.</summary>
    public async Task StartAsync(string awardId, CancellationToken ct)
    {
        var ofAward = await payouts.OfAwardAsync(awardId, ct);
        await (ofAward is [{ State: Payout.Sharing }, ..]
            ? starter.StartSharingAsync(awardId, ct)
            : starter.StartAllAsync(ofAward.Where(payout => payout.State == Payout.Requested).Select(payout => payout.PayoutId), ct));
    }
}
