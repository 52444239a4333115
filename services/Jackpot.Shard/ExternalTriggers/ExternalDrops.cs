using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Jackpot.Contracts.Views;
using Jackpot.Core.Amounts;
using Jackpot.Core.Community;
using Jackpot.Core.Contributions;
using Jackpot.Core.Pools;
using Jackpot.Ledger.Archive;
using Jackpot.Ledger.Audit;
using Jackpot.Ledger.Awards;
using Jackpot.Ledger.Epochs;
using Jackpot.Ledger.Jackpots;
using Jackpot.Ledger.Outbox;
using Jackpot.Ledger.Settings;
using Jackpot.Ledger.Storage;
using Jackpot.Shard.Archive;
using Jackpot.Shard.Problems;
using Npgsql;

namespace Jackpot.Shard.ExternalTriggers;

/// <summary>
/// Drops pools by an external trigger or a draw, each in one transaction under the jackpot's lock: the request is looked up, Core decides, award, payouts, cycles,
/// journal, events and the answer are written together. So a request that comes again, however it got lost, drops nothing a second time.
/// </summary>
internal sealed class ExternalDrops(
    NpgsqlDataSource database, JackpotReader reader, JackpotDirectory directory, CycleVault vault, AuditLog audit, OutboxSignal outbox,
    ArchivedRows archive, ShardEpochs epochs, ShardOptions options, TimeProvider clock)
{
    public async Task<DropOutcome> DropAsync(DropRequest request, CancellationToken ct)
    {
        try
        {
            return await DropInEpochAsync(request, ct);
        }
        catch (ArchivedRowsException missing)
        {
            // The jackpot's lock is gone by now, so it takes bets while the sidecar is asked.
            await archive.AskAsync(missing, ct);
            return new DropOutcome.Refused(missing.Refusal(), missing.Detail);
        }
    }

    async Task<DropOutcome> DropInEpochAsync(DropRequest request, CancellationToken ct)
    {
        try
        {
            return await DropUntilSeenAsync(request, ct);
        }
        catch (PostgresException e) when (e.SqlState == ShardEpochs.Over)
        {
            await epochs.EnterAsync(ct);
            return await DropUntilSeenAsync(request, ct);
        }
    }

    async Task<DropOutcome> DropUntilSeenAsync(DropRequest request, CancellationToken ct)
    {
        try
        {
            return await DropOnceAsync(request, ct);
        }
        catch (PostgresException e) when (e is { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: DropAnswers.KeyConstraint })
        {
            // The same name was used at another jackpot at the same moment; now its row can be seen.
            return await DropOnceAsync(request, ct);
        }
    }

    async Task<DropOutcome> DropOnceAsync(DropRequest request, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var jackpot = (await reader.LockAsync(transaction, [request.Jackpot], ct)).Single();
        if (await DropAnswers.FindAsync(connection, request, ct) is { } first)
        {
            await Flush.CommitAsync(transaction, ct);
            return first.Body16 == request.Body16
                ? new DropOutcome.Answered(first.Answer, Replayed: true)
                : new DropOutcome.Refused(Refusal.KeyReused, "the first request of this name said something else; use a new name for a new request");
        }

        var now = clock.GetUtcNow();
        var (refused, plan) = await PlanAsync(connection, jackpot, request, now, ct);
        if (plan is null)
        {
            return refused!;
        }

        var answer = AnswerTo(request, plan);
        await ExternalDropCommit.ExecuteAsync(connection, plan, options.Id, now, ct);
        await DropAnswers.AddAsync(connection, request, plan.Award.Id.Value, answer, now, ct);
        if (request is DrawRequest draw)
        {
            await audit.AppendAsync(transaction, StepOf(draw, plan), ct);
        }

        await transaction.CommitAsync(ct);
        outbox.Raise();
        if (plan.Next.After.Terms.Version != jackpot.Terms.Version)
        {
            await directory.ReloadAsync(ct);
        }

        return new DropOutcome.Answered(answer, Replayed: false);
    }

    async Task<(DropOutcome.Refused? Refused, ExternalDropPlan? Plan)> PlanAsync(
        NpgsqlConnection connection, LoadedJackpot jackpot, DropRequest request, DateTimeOffset now, CancellationToken ct)
    {
        var tier = jackpot.Config.Pools.Select(pool => pool.Id).ToList().IndexOf(request.Pool);
        var outcome = ExternalDropRules.Drop(jackpot.Config, jackpot.State, request.Pool, jackpot.Secrets[Math.Max(tier, 0)]);
        var answer = outcome.Answer == ExternalDropAnswer.Dropped && !request.Fits(jackpot.Config.Pools[tier].Trigger)
            ? ExternalDropAnswer.PoolDropsOtherwise
            : outcome.Answer;
        if (DropRefusals.Of(answer, jackpot.State.Status) is { } refused)
        {
            return (refused, null);
        }

        if (request is TriggerRequest { Winners.Length: > 1 } && jackpot.Terms.IsShared(tier))
        {
            return (new(Refusal.WinnersInvalid, "the community of this pool has a part of its awards, so a trigger names one winner"), null);
        }

        if (request is TriggerRequest game && await CheckWinnersAsync(connection, jackpot, tier, game, ct) is { } against)
        {
            return (against, null);
        }

        var next = NextCycles.Open(jackpot, outcome.Decision!.State, jackpot.InstantMs(now), vault);
        var (policy, winners) = await WinnersAsync(connection, jackpot, tier, request, outcome.Decision.Drops.Single(), ct);
        return (null, ExternalDropPlan.Make(jackpot, tier, outcome.Decision, next, request.RequestId, policy, winners));
    }

    /// <summary>Whom a game names is checked like who plays, and must have put something into the cycle unless the terms say otherwise.</summary>
    static async Task<DropOutcome.Refused?> CheckWinnersAsync(NpgsqlConnection connection, LoadedJackpot jackpot, int tier, TriggerRequest request, CancellationToken ct)
    {
        if (request.Against is { } against)
        {
            return DropOutcome.Refused.Of(against);
        }

        return jackpot.Terms.TriggerPaysContributorsOnly(tier) && await Contributors.FindStrangerAsync(connection, jackpot, tier, request.Winners, ct) is { } stranger
            ? new(Refusal.WinnerHasNotContributed, string.Create(CultureInfo.InvariantCulture, $"winners[{stranger}] has put nothing into this cycle of the pool, and its terms pay only who has"))
            : null;
    }

    /// <summary>Who wins, and how they share: a raffle's tickets equally, whom a game named as the rules of the game declare.</summary>
    static async Task<(SimultaneousPolicy Policy, ImmutableArray<Winner> Winners)> WinnersAsync(
        NpgsqlConnection connection, LoadedJackpot jackpot, int tier, DropRequest request, Drop drop, CancellationToken ct) => (request, drop.Evidence) switch
        {
            (TriggerRequest game, _) => (jackpot.Terms.Definition.SimultaneousWinners ?? SimultaneousPolicy.Split, game.Winners),
            (DrawRequest, TicketsDrawn drawn) => (SimultaneousPolicy.Split, await TicketHolders.FindAsync(
                connection, jackpot, tier, ((RaffleTrigger)jackpot.Config.Pools[tier].Trigger).TicketPriceMicros, drawn.WinningTickets, ct)),
            _ => throw new InvalidOperationException($"A drop by {request.GetType().Name} has no winners."),
        };

    static string AnswerTo(DropRequest request, ExternalDropPlan plan)
    {
        const string Dropped = "dropped";
        var award = AwardOf(plan);
        return request is DrawRequest
            ? JsonSerializer.Serialize(new DrawAnswered(request.RequestId, Dropped, award), TriggerJson.Default.DrawAnswered)
            : JsonSerializer.Serialize(new TriggerAnswered(request.RequestId, Dropped, award), TriggerJson.Default.TriggerAnswered);
    }

    static TriggeredAward AwardOf(ExternalDropPlan plan)
    {
        var (award, drop, currency) = (plan.Award, plan.Award.Drop, plan.Before.Config.Currency);
        var shared = plan.Before.Terms.IsShared(award.Tier);
        return new TriggeredAward(
            award.Id.Value, drop.Pool.Value, plan.Before.State.Id.Value, drop.Cycle, drop.Sequence, new Money(drop.AwardMicros, currency),
            award.HouseMicros > 0 ? new Money(award.HouseMicros, currency) : null,
            drop.Evidence is TicketsDrawn drawn ? drawn.WinningTickets : null,
            [.. award.Shares.Select((share, winner) => new TriggeredPayout(
                Payout.IdOf(award.Id.Value, winner), share.Winner.TenantId, share.Winner.PlayerId, shared ? null : new Money(share.Micros, currency)))]);
    }

    static AuditedStep StepOf(DrawRequest draw, ExternalDropPlan plan)
    {
        var (drop, pool) = (plan.Award.Drop, plan.Before.State.Pools[plan.Award.Tier]);
        return new AuditedStep($"pool {draw.Pool}", "raffle drawn", draw.StaffUser, draw.Why)
        {
            Before = $"cycle {pool.Cycle}, {pool.TicketsSold} tickets sold, {new Money(pool.AmountMicros, plan.Before.Config.Currency)}",
            After = $"award {plan.Award.Id} of {new Money(drop.AwardMicros, plan.Before.Config.Currency)} to tickets "
                + string.Join(", ", ((TicketsDrawn)drop.Evidence).WinningTickets),
        };
    }
}
