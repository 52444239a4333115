using System.Text.Json;
using Jackpot.Contracts.Events;
using Jackpot.Core.Amounts;
using Jackpot.Ledger.Awards;
using Jackpot.Ledger.Jackpots;
using Jackpot.Ledger.Storage;
using NpgsqlTypes;

namespace Jackpot.Ledger.Outbox;

/// <summary>The events of a commit, in the commit. One row tells of all its contributions; every award and payout has rows of its own.</summary>
internal sealed class OutboxStatement : ColumnStatement
{
    readonly string _shard;
    readonly List<string> _kind;
    readonly List<string> _payload;

    public OutboxStatement(string shard) : base($"INSERT INTO outbox (kind, payload) SELECT {Unnested(2)}")
    {
        _shard = shard;
        _kind = Column<string>(NpgsqlDbType.Text);
        _payload = Column<string>(NpgsqlDbType.Text);
    }

    public void AddRecorded(IReadOnlyList<JackpotPlan> plans) =>
        Add(Topics.ContributionRecorded, JsonSerializer.Serialize(
            new ContributionRecorded(_shard, [.. plans.Select(Batch)]), EventJson.Default.ContributionRecorded));

    /// <summary>Tells of an award and asks for its payouts; those of a shared one are asked for when it is known who shares.</summary>
    public void AddTriggered(LoadedJackpot before, FrozenAward award, DateTimeOffset now)
    {
        var (drop, currency) = (award.Drop, before.Config.Currency);
        var shared = before.Terms.IsShared(award.Tier);
        Add(Topics.Triggered, JsonSerializer.Serialize(
            new JackpotTriggered(
                _shard, award.Id.Value, drop.Pool.Value, before.State.Id.Value, award.Shares[0].Winner.TenantId, drop.Cycle, drop.Sequence,
                new Money(drop.AwardMicros, currency), now, award.Shares.Length, shared),
            EventJson.Default.JackpotTriggered));
        for (var winner = 0; winner < award.Shares.Length && !shared; winner++)
        {
            var share = award.Shares[winner];
            Add(Topics.PayoutRequested, JsonSerializer.Serialize(
                new PayoutChanged(
                    Payout.IdOf(award.Id.Value, winner), award.Id.Value, share.Winner.TenantId, new Money(share.Micros, currency),
                    Payout.Requested, null, 0, now),
                EventJson.Default.PayoutChanged));
        }
    }

    /// <summary>Tells of a pool that changed without a contribution.</summary>
    public void AddPoolUpdated(LoadedJackpot after, int tier, DateTimeOffset now)
    {
        var pool = after.State.Pools[tier];
        Add(Topics.PoolUpdated, JsonSerializer.Serialize(
            new PoolUpdated(
                pool.Id.Value, after.State.Id.Value, pool.Cycle, after.State.Sequence, new Money(pool.AmountMicros, after.Config.Currency), now),
            EventJson.Default.PoolUpdated));
    }

    /// <summary>Tells of contributions that were taken back, and of the pools afterwards.</summary>
    public void AddVoided(LoadedJackpot after, IEnumerable<VoidedContribution> voids, DateTimeOffset now)
    {
        foreach (var part in voids.Chunk(ContributionVoided.VoidsMax))
        {
            Add(Topics.ContributionVoided, JsonSerializer.Serialize(
                new ContributionVoided(_shard, after.State.Id.Value, now, part), EventJson.Default.ContributionVoided));
        }

        for (var tier = 0; tier < after.State.Pools.Length; tier++)
        {
            AddPoolUpdated(after, tier, now);
        }
    }

    static RecordedBatch Batch(JackpotPlan plan)
    {
        var currency = plan.Before.Config.Currency;
        return new RecordedBatch(
            plan.Before.State.Id.Value, plan.FirstSequence, plan.Decision.Consumed, new Money(plan.ContributionsMicros, currency),
            [.. plan.After.State.Pools.Select(pool => new RecordedPool(pool.Id.Value, pool.Cycle, new Money(pool.AmountMicros, currency)))]);
    }

    void Add(string kind, string payload)
    {
        _kind.Add(kind);
        _payload.Add(payload);
    }
}
