using System.Text.Json;
using Jackpot.Core.Pools;
using Jackpot.Ledger.Audit;
using Npgsql;

namespace Jackpot.Shard.Lifecycle;

/// <summary>Audits what a transfer did to every jackpot that it touched: all balances before and after, in micro-units.</summary>
internal static class TransferAudit
{
    public static async Task AppendAsync(AuditLog audit, NpgsqlTransaction transaction, TransferOrder order, TransferPlan plan, string staffUser, CancellationToken ct)
    {
        foreach (var (before, after) in plan.Steps)
        {
            var action = after.Status == JackpotStatus.Decommissioned ? $"decommissioned by transfer {order.Id}" : $"filled by transfer {order.Id}";
            await audit.AppendAsync(transaction, new AuditedStep($"jackpot {after.Id}", action, order.Author, order.Why)
            {
                AuthorisedBy = staffUser,
                Before = Balances(before.State),
                After = Balances(after),
            }, ct);
        }
    }

    static string Balances(JackpotState state) => JsonSerializer.Serialize(state.Pools.ToDictionary(
        pool => pool.Id.Value,
        pool => new Dictionary<string, long>
        {
            ["increment"] = pool.IncrementMicros,
            ["seed"] = pool.SeedMicros,
            ["reserve"] = pool.ReserveMicros,
            ["overflow"] = pool.OverflowMicros,
        }));
}
