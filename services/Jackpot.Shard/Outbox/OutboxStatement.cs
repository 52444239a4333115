using System.Text.Json;
using Jackpot.Contracts.Events;
using Jackpot.Core.Amounts;
using Jackpot.Core.Contributions;
using Jackpot.Shard.Jackpots;
using Jackpot.Shard.Jackpots.Commit;
using Jackpot.Shard.Payouts;
using NpgsqlTypes;

namespace Jackpot.Shard.Outbox;

/// <summary>The events of a commit, in the commit. One row tells of all its contributions; every award and payout has rows of its own.</summary>
internal sealed class OutboxStatement : ColumnStatement
{
    readonly string _shard;
    readonly List<string> _kind;
    readonly List<string> _payload;

    public OutboxStatement(string shard) : base("INSERT INTO outbox (kind, payload) SELECT * FROM unnest($1, $2)")
    {
        _shard = shard;
        _kind = Column<string>(NpgsqlDbType.Text);
        _payload = Column<string>(NpgsqlDbType.Text);
    }

    public void AddRecorded(IReadOnlyList<JackpotPlan> plans) =>
        Add(Topics.ContributionRecorded, JsonSerializer.Serialize(
            new ContributionRecorded(_shard, [.. plans.Select(Batch)]), EventJson.Default.ContributionRecorded));

    public void AddTriggered(JackpotPlan plan, Drop drop, string tenantId, DateTimeOffset now)
    {
        var amount = new Money(drop.AwardMicros, plan.Before.Config.Currency);
        Add(Topics.Triggered, JsonSerializer.Serialize(
            new JackpotTriggered(
                _shard, drop.Award.Value, drop.Pool.Value, plan.Before.State.Id.Value, tenantId, drop.Cycle, drop.Sequence, amount, now),
            EventJson.Default.JackpotTriggered));
        Add(Topics.PayoutRequested, JsonSerializer.Serialize(
            new PayoutChanged(Payout.IdOf(drop.Award.Value), drop.Award.Value, tenantId, amount, Payout.Requested, null, 0, now),
            EventJson.Default.PayoutChanged));
    }

    static RecordedBatch Batch(JackpotPlan plan)
    {
        var currency = plan.Before.Config.Currency;
        var contributions = 0L;
        foreach (var split in plan.Splits.AsSpan(0, plan.Decision.Consumed))
        {
            contributions += split.ContributionMicros;
        }

        return new RecordedBatch(
            plan.Before.State.Id.Value, plan.FirstSequence, plan.Decision.Consumed, new Money(contributions, currency),
            [.. plan.After.State.Pools.Select(pool => new RecordedPool(pool.Id.Value, pool.Cycle, new Money(pool.AmountMicros, currency)))]);
    }

    void Add(string kind, string payload)
    {
        _kind.Add(kind);
        _payload.Add(payload);
    }
}
