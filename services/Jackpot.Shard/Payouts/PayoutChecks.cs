using Jackpot.Core.Eligibility;
using Jackpot.Ledger.Awards;
using Jackpot.Shard.Players;
using Jackpot.Shard.Regions;

namespace Jackpot.Shard.Payouts;

/// <summary>
/// What is asked right before money is sent. A check answers with the reason against the payout, in snake case, or null; what it read may have changed
/// since the drop.
/// </summary>
internal delegate Task<string?> PayoutCheck(Payout payout, CancellationToken ct);

/// <summary>All checks, in a fixed order; the first reason that two people have not overruled counts.</summary>
internal sealed class PayoutChecks(PlayerStatusStore players, TenantDirectory tenants)
{
    readonly PayoutCheck[] _checks = [new PlayerStatusCheck(players).AgainstAsync];

    public async Task<string?> AgainstAsync(Payout payout, CancellationToken ct)
    {
        foreach (var check in _checks)
        {
            if (await check(payout, ct) is { } reason && !payout.Waived.Contains(reason))
            {
                return reason;
            }
        }

        return null;
    }

    /// <summary>Micro-units of the currency above which an award waits for two people; null for no such limit.</summary>
    public long? HoldAboveMicros(string currency) => tenants.HoldAboveMicros(currency);
}

/// <summary>Players who were excluded, or found to be a house account, after the drop.</summary>
internal sealed class PlayerStatusCheck(PlayerStatusStore players)
{
    public async Task<string?> AgainstAsync(Payout payout, CancellationToken ct) =>
        (await players.FindAsync(payout.TenantId, payout.PlayerId, ct)).Standing switch
        {
            PlayerStatus.SelfExcluded => "player_self_excluded",
            PlayerStatus.HouseAccount => "player_is_house_account",
            _ => null,
        };
}
